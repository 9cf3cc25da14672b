import { describe, expect, it } from 'vitest';
import { parseBoolean, parseJavaByte, parseJavaInt, parseJavaLong, parseJavaShort } from '../../src/index.ts';
import { differences, outcome, readVectors } from '../vectors.ts';

type Result = string | number | [string];
type Row = [text: string, long: Result, int: Result, short: Result, byte: Result];

describe('integers read from text', () => {
  const rows = readVectors<Row>('parse-integer');

  it.each([
    ['parseJavaLong', 1, (text: string) => parseJavaLong(text).toString()],
    ['parseJavaInt', 2, parseJavaInt],
    ['parseJavaShort', 3, parseJavaShort],
    ['parseJavaByte', 4, parseJavaByte],
  ] as const)('%s accepts and refuses what Java does, with the same message', (_, column, parse) => {
    expect(
      differences(
        rows,
        ([text]) => outcome(() => parse(text)),
        (row) => row[column],
      ),
    ).toEqual([]);
  });

  it('never gives a negative zero', () => {
    expect(Object.is(parseJavaInt('-0'), 0)).toBe(true);
  });

  it('takes only the word true for true', () => {
    expect(['true', 'TRUE', 'tRuE', ' true', 'yes', '1', '', null].map(parseBoolean)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
