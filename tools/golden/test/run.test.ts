import { DataError, RetriableError, Schema } from '@millrace/api';
import { describe, expect, it, vi } from 'vitest';
import { run } from '../src/cli.ts';
import { compareError, compareSchemaAndValue, compareValue } from '../src/compare.ts';
import { decodeSchema, decodeValue, Unrepresentable } from '../src/decode.ts';
import { type DeviationRule, deviationRules, deviationTable } from '../src/deviations.ts';
import { runCases } from '../src/run.ts';
import type { Suite } from '../src/suite.ts';
import type { ConverterCase, TaggedSchema, TaggedValue } from '../src/vectors.ts';

describe('recorded values', () => {
  it.each<[TaggedValue, unknown]>([
    [{ t: 'int64', v: '9007199254740993' }, 9007199254740993n],
    [{ t: 'float32', v: '1.1' }, Math.fround(1.1)],
    [{ t: 'float64', v: '-Infinity' }, Number.NEGATIVE_INFINITY],
    [{ t: 'date', v: '1000' }, new Date(1000)],
    [{ t: 'bytes', v: 'AAH/' }, Buffer.from([0, 1, 255])],
    [{ t: 'string', utf16: [0xd800, 0x61] }, '\ud800a'],
    [{ t: 'map', v: [[{ t: 'int32', v: 1 }, null]] }, new Map([[1, null]])],
    [
      {
        t: 'map',
        v: [
          [
            { t: 'string', v: 'a' },
            { t: 'int32', v: 1 },
          ],
        ],
      },
      { a: 1 },
    ],
  ])('become ours: %j', (tagged, value) => {
    expect(decodeValue(tagged, null)).toEqual(value);
    expect(compareValue(tagged, null, value)).toBeUndefined();
  });

  it('keep __proto__ as a key', () => {
    const decoded = decodeValue(
      {
        t: 'map',
        v: [
          [
            { t: 'string', v: '__proto__' },
            { t: 'int32', v: 1 },
          ],
        ],
      },
      null,
    );
    expect(Object.entries(decoded as object)).toEqual([['__proto__', 1]]);
  });

  it('mark a date that no Date can hold', () => {
    expect(decodeValue({ t: 'date', v: '8640000000000001' }, null)).toBeInstanceOf(Unrepresentable);
  });

  it('make maps and structs by their schema', () => {
    const map: TaggedSchema = { type: 'MAP', keys: { type: 'STRING' }, values: { type: 'INT64' } };
    const tagged: TaggedSchema = {
      type: 'STRUCT',
      fields: [
        { field: 'm', schema: map },
        { field: 'n', schema: map },
      ],
    };
    const value: TaggedValue = {
      t: 'struct',
      v: {
        m: {
          t: 'map',
          v: [
            [
              { t: 'string', v: 'a' },
              { t: 'int64', v: '1' },
            ],
          ],
        },
        n: null,
      },
    };
    const schema = decodeSchema(tagged);
    expect(decodeValue(value, schema)).toEqual({ m: new Map([['a', 1n]]), n: null });
    expect(
      compareSchemaAndValue({ schema: tagged, value }, { schema, value: decodeValue(value, schema) }),
    ).toBeUndefined();
  });
});

describe('a comparison', () => {
  const int64: TaggedSchema = { type: 'INT64' };

  it('tells types apart where a schema says them', () => {
    expect(compareValue({ t: 'int64', v: '1' }, int64, 1)).toContain('value');
    expect(compareValue({ t: 'int64', v: '1' }, null, 1)).toBeUndefined();
    expect(compareValue({ t: 'float64', v: '-0.0' }, null, 0)).toContain('-0.0');
    expect(compareValue({ t: 'float32', v: '1.1' }, { type: 'FLOAT32' }, 1.1)).toContain('1.1');
  });

  it('counts the order of entries only where Java has one', () => {
    const entries = [
      [{ t: 'int32', v: 1 }, null],
      [{ t: 'int32', v: 2 }, null],
    ] as const;
    const turned = new Map([
      [2, null],
      [1, null],
    ]);
    expect(compareValue({ t: 'map', v: entries }, null, turned)).toContain('at this place');
    expect(compareValue({ t: 'map', v: entries, unordered: true }, null, turned)).toBeUndefined();
  });

  it('sees every part of a schema', () => {
    const expected: TaggedSchema = { type: 'STRUCT', fields: [{ field: 'a', schema: { ...int64, doc: 'text' } }] };
    const [same, other] = [Schema.int64.with({ doc: 'text' }), Schema.int64.with({ doc: 'other' })];
    const value: TaggedValue = null;
    expect(
      compareSchemaAndValue({ schema: expected, value }, { schema: Schema.struct({ a: same }), value }),
    ).toBeUndefined();
    expect(compareSchemaAndValue({ schema: expected, value }, { schema: Schema.struct({ a: other }), value })).toBe(
      "schema.a.doc: expected text, got 'other'",
    );
  });

  it('takes errors for equal that are handled alike', () => {
    const data = { class: 'org.apache.kafka.connect.errors.DataException', message: '' };
    const plain = { class: 'java.lang.NullPointerException', message: null };
    expect(compareError(data, { error: new DataError('x') })).toBeUndefined();
    expect(compareError(data, { error: new TypeError('x') })).toBeDefined();
    expect(compareError(plain, { error: new DataError('x') })).toBeUndefined();
    expect(compareError(plain, { error: new RetriableError('x') })).toBeDefined();
    expect(compareError(plain, { error: new TypeError('a defect of ours') })).toBeDefined();
    expect(compareError({ ...data, phase: 'apply' }, { error: new DataError('x'), phase: 'configure' })).toBeDefined();
    expect(compareError(data, { output: 1 })).toBeDefined();
  });
});

describe('a run', () => {
  const suite: Suite<ConverterCase> = {
    group: 'converters',
    cases: () => [],
    replay: ({ id }) => ({ output: id }),
    compare: (_, outcome) => ('output' in outcome && outcome.output === 'same' ? undefined : 'differs'),
  };
  const rule: DeviationRule = { id: 'r', reason: '', applies: ({ id }) => id !== 'other' };
  const cases = ['same', 'ruled', 'other'].map(
    (id): ConverterCase => ({ group: 'converters', file: 'f', id, op: '', input: null }),
  );

  it('counts a difference as a deviation when a rule is about it, and a case that is equal as passed', async () => {
    expect(await runCases(suite, 'f.json', cases, [rule])).toEqual({
      group: 'converters',
      file: 'f.json',
      passed: 1,
      failures: [{ id: 'other', difference: 'differs' }],
      deviations: [{ id: 'ruled', difference: 'differs', rule: 'r' }],
    });
  });

  it('has rules with ids of their own, each in the table', () => {
    const ids = deviationRules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(deviationTable()).toContain(`| \`${id}\` |`);
  });
});

describe('the command', () => {
  it.each([['--wrong'], ['no-such-file'], ['--json=1']])('ends with 2 and one line for %s', async (word) => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    expect(await run([word])).toBe(2);
    expect(error).toHaveBeenCalledOnce();
    expect(error.mock.calls[0]?.join(' ')).not.toContain('\n');
    error.mockRestore();
  });

  it('prints one line of JSON for a file', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    expect(await run(['converters', 'values.json', '--json'])).toBe(0);
    const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown);
    log.mockRestore();
    expect(lines).toEqual([
      {
        group: 'converters',
        file: 'values.json',
        passed: expect.any(Number),
        failed: 0,
        deviations: expect.any(Number),
      },
    ]);
  });
});
