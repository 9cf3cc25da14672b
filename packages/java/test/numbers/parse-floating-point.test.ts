import { describe, expect, it } from 'vitest';
import { NumberFormatError, parseJavaDouble, parseJavaFloat } from '../../src/index.ts';
import { differences, doubleToBits, floatToBits, outcome, readVectors } from '../vectors.ts';

type Row = [text: string, double: string | [string], float: string | null];

describe('parseJavaDouble and parseJavaFloat', () => {
  const rows = readVectors<Row>('parse-floating-point');

  it('read doubles to the same bits, or refuse them with the same message', () => {
    expect(
      differences(
        rows,
        ([text]) => outcome(() => doubleToBits(parseJavaDouble(text))),
        (row) => row[1],
      ),
    ).toEqual([]);
  });

  it('read floats to the same bits, rounded once', () => {
    expect(
      differences(
        rows.filter((row) => row[2] !== null),
        ([text]) => floatToBits(parseJavaFloat(text)),
        (row) => row[2],
      ),
    ).toEqual([]);
  });

  it('refuses with a NumberFormatError that names the class of Java', () => {
    const refused = rows.filter((row) => row[2] === null);
    expect(refused.length).toBeGreaterThan(20);
    for (const [text] of refused) {
      expect(() => parseJavaFloat(text)).toThrow(NumberFormatError);
    }
    const error = outcomeError(() => parseJavaDouble('x'));
    expect(NumberFormatError.isInstance(error) && error.javaClass).toBe('java.lang.NumberFormatException');
  });

  it('refuses a very long text without delay', () => {
    const started = performance.now();
    expect(() => parseJavaDouble(`${'1'.repeat(1_000_000)}x`)).toThrow(NumberFormatError);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

function outcomeError(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}
