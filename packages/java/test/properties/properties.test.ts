import { describe, expect, it } from 'vitest';
import { formatProperties, IllegalArgumentError, parseProperties } from '../../src/index.ts';
import { differences, readVectors } from '../vectors.ts';

type LoadRow = [text: string, entries: [string, string][] | null];
type StoreRow = [key: string, value: string, ascii: string, unicode: string];

describe('parseProperties', () => {
  const rows = readVectors<LoadRow>('parse-properties');

  it('reads what Properties.load reads', () => {
    expect(
      differences(
        rows.filter((row) => row[1] !== null),
        ([text]) => [...parseProperties(text)].sort(byKey),
        (row) => row[1]!.sort(byKey),
      ),
    ).toEqual([]);
  });

  it('refuses what Properties.load refuses', () => {
    const refused = rows.filter((row) => row[1] === null);
    expect(refused.length).toBeGreaterThan(3);
    for (const [text] of refused) {
      expect(() => parseProperties(text)).toThrow(IllegalArgumentError);
    }
  });

  it('names the line of a malformed escape', () => {
    expect(() => parseProperties('a=b\n\n# c\nx=\\\n\\u00zz\n')).toThrow(/line 4/);
  });

  it('keeps keys that are special in JavaScript', () => {
    expect([...parseProperties('__proto__=1\nconstructor=2')]).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });
});

describe('formatProperties', () => {
  const rows = readVectors<StoreRow>('format-properties');

  it('writes what Properties.store writes', () => {
    expect(
      differences(
        rows,
        ([key, value]) => [
          formatProperties([[key, value]]),
          formatProperties(new Map([[key, value]]), { escapeUnicode: false }),
        ],
        (row) => [row[2], row[3]],
      ),
    ).toEqual([]);
  });

  it('writes what parseProperties reads back', () => {
    expect(
      differences(
        rows,
        ([key, value]) => [...parseProperties(formatProperties([[key, value]]))],
        ([key, value]) => [[key, value]],
      ),
    ).toEqual([]);
  });
});

function byKey(left: [string, string], right: [string, string]): number {
  return left[0] < right[0] ? -1 : 1;
}
