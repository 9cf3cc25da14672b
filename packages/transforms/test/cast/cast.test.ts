import { DataError, Decimal, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { cast, castKey } from '../../src/plugin.ts';
import { make, problemsOf, sourceRecord } from '../make.ts';

const inner = Schema.struct({ amount: Schema.string, when: Schema.timestamp.asOptional() });
const schema = Schema.struct({ id: Schema.int32, in: inner.asOptional() });
const v2 = { 'field.syntax.version': 'V2' };

describe('Cast', () => {
  it('casts nested fields and keeps what is optional', async () => {
    const apply = await make(cast, { ...v2, spec: 'id:string,in.amount:float64,in.when:int64' });
    const record = apply(
      sourceRecord({ value: { id: 1, in: { amount: '1.5', when: new Date(7) } }, valueSchema: schema }),
    );
    expect(record?.value).toEqual({ id: '1', in: { amount: 1.5, when: 7n } });
    expect(record?.valueSchema?.field('in')?.schema).toBe(
      Schema.struct({ amount: Schema.float64, when: Schema.int64.asOptional() }).asOptional(),
    );
  });

  it('casts nested fields without a schema, and gives bigint only beyond 2^53', async () => {
    const apply = await make(cast, { ...v2, spec: 'a.b:int64,a.c:int64,d:string' });
    const record = apply(sourceRecord({ value: { a: { b: '5', c: '9007199254740993' }, d: 2.5 } }));
    expect(record?.value).toEqual({ a: { b: 5, c: 9007199254740993n }, d: '2.5' });
  });

  it('says which text of which field is no number, but not all of a long one', async () => {
    const apply = await make(cast, { ...v2, spec: 'in.amount:int32' });
    let error: unknown;
    try {
      apply(sourceRecord({ value: { id: 1, in: { amount: 'x'.repeat(1000), when: null } }, valueSchema: schema }));
    } catch (thrown) {
      error = thrown;
    }
    expect(DataError.isInstance(error) && error).toMatchObject({
      message: `Field in.amount holds "${'x'.repeat(60)}…", which is no int32 or out of its range.`,
      path: 'in.amount',
      part: 'value',
    });
  });

  it.each([
    [Schema.decimal(1), new Decimal(5n, 1), 'boolean', false],
    [Schema.decimal(1), new Decimal(-129_9n, 1), 'int8', 127],
    [Schema.float64, Number.NaN, 'int64', 0n],
    [Schema.float64, 1e30, 'int64', 2n ** 63n - 1n],
    [Schema.float64, 1e30, 'int8', -1],
    [Schema.float64, 0.9, 'boolean', false],
    [Schema.float32, Math.fround(1.1), 'string', '1.1'],
    [Schema.float64, 1e7, 'string', '1.0E7'],
    [Schema.int64, 2n ** 53n + 1n, 'float64', 2 ** 53],
    [Schema.string, 'TRUE', 'boolean', true],
    [Schema.bytes, Buffer.from([1, 2]), 'string', 'AQI='],
    [Schema.date, new Date(86_400_000 * 3), 'int64', 3n],
  ] as const)('casts a key of %s %s to %s as Java does', async (keySchema, key, target, expected) => {
    const record = (await make(castKey, { spec: target }))(sourceRecord({ key, keySchema }));
    expect(record?.key).toBe(expected);
    expect(record?.keySchema?.type).toBe(target);
  });

  it('casts defaults with their fields', async () => {
    const withDefault = Schema.struct({ a: Schema.string.with({ default: '5' }) });
    const record = (await make(cast, { spec: 'a:int32' }))(
      sourceRecord({ value: { a: null }, valueSchema: withDefault }),
    );
    expect(record?.valueSchema).toBe(Schema.struct({ a: Schema.int32.with({ default: 5 }) }));
    expect(record?.value).toEqual({ a: 5 });
  });

  it('names every problem of its spec', async () => {
    expect(await problemsOf(cast, { spec: 'a:int99,b:c:d,string,e:bytes' })).toEqual([
      ['spec', expect.stringMatching(/int99.*b:c:d is no field:type.*bytes.*must stand alone/)],
    ]);
    expect(await problemsOf(cast, { ...v2, spec: '`a:int8,`b:int8' })).toHaveLength(2);
  });
});
