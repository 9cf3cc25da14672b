import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkFiles, NumberCheck, NumberSet } from '@millrace/testkit';
import { describe, expect, onTestFinished, test } from 'vitest';

function checkOf(...numbers: readonly number[]): NumberCheck {
  const check = new NumberCheck();
  for (const number of numbers) check.add('0', number);
  return check;
}

describe('numbers of a source', () => {
  test('are right when each is there once and in order', () => {
    expect(checkOf(0, 1, 2, 3).problems(4)).toEqual([]);
  });

  test('are named when they are missing, doubled, late or too many', () => {
    expect(checkOf(0, 1, 1, 4, 3, 9, 1).problems(6)).toEqual([
      'source 0: missing: 2 (2, 5)',
      'source 0: doubled: 1 (1)',
      'source 0: late: 1 (3)',
      'source 0: goes up to 9, beyond 5',
    ]);
  });

  test('that come again as a whole are doubled and not late', () => {
    const check = checkOf(0, 1, 2, 1, 2, 3);
    expect(check.problems(4)).toEqual(['source 0: doubled: 2 (1–2)']);
    expect({ records: check.records, distinct: check.distinct, late: check.late }).toEqual({
      records: 6,
      distinct: 4,
      late: 0,
    });
  });

  test('are missing altogether where a source is silent, and strange where it is unknown', () => {
    expect(checkOf(0, 1).problems(2, ['0', '1'])).toEqual(['source 1: missing: 2 (0–1)']);
    expect(checkOf(0, 1).problems(2, [])).toEqual(['There are no numbers at all.']);
    expect(checkOf(0).problems(1, ['7'])).toEqual(['source 0: is not expected', 'source 7: missing: 1 (0)']);
    expect(new NumberCheck().problems(3)).toEqual(['There are no numbers at all.']);
  });

  test('are counted by the ten million in a few megabytes', () => {
    const count = 10_000_000;
    const check = new NumberCheck();
    const before = process.memoryUsage().arrayBuffers;
    for (let number = 0; number < count; number++) {
      check.add('0', number);
      if (number % 1_000_000 === 5) check.add('0', number);
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 << 20);
    expect(check.doubled).toBe(10);
    expect(check.missing(count + 2)).toBe(2);
  });
});

describe('a set of numbers', () => {
  test('knows what it has, over the bounds of its pages', () => {
    const set = new NumberSet();
    const edge = 2 ** 19;
    for (const number of [edge - 1, edge, edge + 1, 0, 2 ** 40]) expect(set.add(number)).toBe(true);
    expect(set.add(edge)).toBe(false);
    expect([set.size, set.highest, set.has(edge), set.has(edge + 2)]).toEqual([5, 2 ** 40, true, false]);
    expect([...set.ranges()]).toEqual([
      { from: 0, to: 0 },
      { from: edge - 1, to: edge + 1 },
      { from: 2 ** 40, to: 2 ** 40 },
    ]);
  });

  test('refuses what is no whole number', () => {
    for (const number of [-1, 0.5, Number.NaN, 2 ** 60]) expect(() => new NumberSet().add(number)).toThrow(RangeError);
  });
});

describe('numbered lines', () => {
  async function fileOf(text: string): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'millrace-numbers-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    await writeFile(join(directory, 'lines'), text);
    return join(directory, 'lines');
  }

  test('end with their number, whatever stands before it', async () => {
    const check = await checkFiles([await fileOf('a 0\na 1\nb 0\n..00000\n...00..00001\na 2')]);
    expect(check.sources.map(({ source, records }) => [source, records])).toEqual([
      ['a', 2],
      ['b', 1],
      ['', 2],
    ]);
    expect(check.problems(2, ['a', ''])).toEqual(['source b: is not expected']);
  });

  test('are found over the bounds of what is read at a time', async () => {
    const count = 200_000;
    const path = await fileOf(Array.from({ length: count }, (_, number) => `0 ${number}\n`).join(''));
    expect((await checkFiles([path])).problems(count)).toEqual([]);
  });

  test('that have no number are an error', async () => {
    await expect(checkFiles([await fileOf('0 1\nno number here\n')])).rejects.toThrow('no number here');
  });
});
