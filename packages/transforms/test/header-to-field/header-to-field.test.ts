import { Headers, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { headerToField, headerToFieldKey } from '../../src/plugin.ts';
import { make, problemsOf, sourceRecord } from '../make.ts';

const schema = Schema.struct({ id: Schema.int64, meta: Schema.struct({ host: Schema.string }) }, { name: 'Row' });
const value = schema.create({ id: 1n, meta: { host: 'a' } });

describe('HeaderToField', () => {
  it('adds and replaces fields, also nested ones, with the schemas of the headers', async () => {
    const apply = await make(headerToField, { headers: 'a,b,c', fields: 'meta.host,meta.more.b,c' });
    const headers = Headers.empty.add('a', 1, Schema.int8).add('b', true, Schema.boolean).add('c', 'x');
    const record = apply(sourceRecord({ valueSchema: schema, value, headers }));
    expect(record?.value).toEqual({ id: 1n, meta: { host: 1, more: { b: true } }, c: 'x' });
    expect(record?.headers).toBe(headers);
    expect(record?.valueSchema).toBe(
      Schema.struct(
        {
          id: Schema.int64,
          meta: Schema.struct({
            host: Schema.int8.asOptional(),
            more: Schema.struct({ b: Schema.boolean.asOptional() }),
          }),
          c: Schema.string.asOptional(),
        },
        { name: 'Row' },
      ),
    );
  });

  it('makes one schema for records whose headers have the same schemas', async () => {
    const apply = await make(headerToField, { headers: 'a' });
    const of = (header: unknown, headerSchema: Schema) =>
      apply(sourceRecord({ valueSchema: schema, value, headers: Headers.empty.add('a', header, headerSchema) }));
    expect(of(1, Schema.int8)?.valueSchema).toBe(of(2, Schema.int8)?.valueSchema);
    expect(of('x', Schema.string)?.valueSchema).not.toBe(of(2, Schema.int8)?.valueSchema);
  });

  it('moves all headers of a name and takes the last', async () => {
    const apply = await make(headerToFieldKey, { headers: 'a', fields: '__proto__', operation: 'move' });
    const headers = Headers.empty.add('a', 1n, Schema.int64).add('b', 2).add('a', 3n, Schema.int64);
    const record = apply(sourceRecord({ key: { id: 1 }, headers }));
    expect(Object.entries(record?.key as object)).toEqual([
      ['id', 1],
      ['__proto__', 3],
    ]);
    expect([...(record?.headers ?? [])].map(({ key }) => key)).toEqual(['b']);
  });

  it('lets a record without the headers, or without a value, go on as it is', async () => {
    const apply = await make(headerToField, { headers: 'a' });
    const without = sourceRecord({ value: {} });
    const tombstone = sourceRecord({ headers: Headers.empty.add('a', 1) });
    expect([apply(without), apply(tombstone)]).toEqual([without, tombstone]);
  });

  it('can insist on the headers', async () => {
    const apply = await make(headerToField, { headers: 'a,b', 'on.missing': 'fail' });
    const record = sourceRecord({ value: {}, headers: Headers.empty.add('a', 1) });
    expect(() => apply(record)).toThrow(expect.objectContaining({ kind: 'data', part: 'header b', topic: 'orders' }));
  });

  it('refuses an object without a schema for a record with one', async () => {
    const apply = await make(headerToField, { headers: 'a' });
    const record = sourceRecord({ valueSchema: schema, value, headers: Headers.empty.add('a', {}) });
    expect(() => apply(record)).toThrow(expect.objectContaining({ kind: 'data', part: 'header a' }));
  });

  it('refuses to put a value into a struct that is null, because it would be lost', async () => {
    const apply = await make(headerToField, { headers: 'a', fields: 'meta.trace', operation: 'move' });
    const headers = Headers.empty.add('a', 'x', Schema.string);
    const optional = Schema.struct({ meta: Schema.struct({ host: Schema.string }).asOptional() });
    const lost = [
      sourceRecord({ valueSchema: optional, value: optional.create({}), headers }),
      sourceRecord({ value: { meta: null }, headers }),
    ];
    for (const record of lost) {
      expect(() => apply(record)).toThrow(expect.objectContaining({ kind: 'data', path: 'meta.trace' }));
    }
  });

  it('refuses a path through what is no struct', async () => {
    const apply = await make(headerToField, { headers: 'a', fields: 'id.a' });
    const record = sourceRecord({ valueSchema: schema, value, headers: Headers.empty.add('a', 'x') });
    expect(() => apply(record)).toThrow(expect.objectContaining({ kind: 'data', path: 'id' }));
  });

  it('names every problem of its configuration at once', async () => {
    expect((await problemsOf(headerToField, { headers: '', operation: 'x' })).map(([key]) => key)).toEqual([
      'headers',
      'operation',
    ]);
    expect((await problemsOf(headerToField, { headers: 'a', fields: '`a,b' })).map(([key]) => key)).toEqual([
      'fields',
      'fields',
    ]);
  });
});
