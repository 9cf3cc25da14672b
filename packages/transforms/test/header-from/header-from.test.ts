import { Headers, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { headerFrom, headerFromKey } from '../../src/plugin.ts';
import { make, problemsOf, sourceRecord } from '../make.ts';

const schema = Schema.struct({
  id: Schema.int64,
  name: Schema.string.asOptional().with({ default: 'nobody' }),
  city: Schema.string,
});

describe('HeaderFrom', () => {
  it('moves fields with their schemas behind the headers that are there', async () => {
    const move = await make(headerFrom, { fields: 'city,id', headers: 'x-city,x-id', operation: 'move' });
    const record = sourceRecord({
      valueSchema: schema,
      value: schema.create({ id: 1n, city: 'Oslo' }),
      headers: Headers.empty.add('old', true),
    });
    const moved = move(record);
    expect(moved?.value).toEqual({ name: 'nobody' });
    expect([...(moved?.headers ?? [])]).toEqual([
      { key: 'old', value: true, schema: null },
      { key: 'x-city', value: 'Oslo', schema: Schema.string },
      { key: 'x-id', value: 1n, schema: Schema.int64 },
    ]);
  });

  it('shares the value when it copies', async () => {
    const copy = await make(headerFrom, { fields: 'id', headers: 'id', operation: 'copy' });
    const record = sourceRecord({ valueSchema: schema, value: schema.create({ id: 1n, city: 'Oslo' }) });
    expect(copy(record)?.value).toBe(record.value);
  });

  it('takes names that every object has only as fields of the record itself', async () => {
    const move = await make(headerFrom, { fields: '__proto__,toString', headers: 'a,b', operation: 'move' });
    const value: unknown = JSON.parse('{"__proto__": "p", "x": 1}');
    const moved = move(sourceRecord({ value }));
    expect(moved?.headers.allWithName('a')).toEqual([{ key: 'a', value: 'p', schema: null }]);
    expect(moved?.headers.allWithName('b')).toEqual([{ key: 'b', value: null, schema: null }]);
    expect(Object.keys(moved?.value as object)).toEqual(['x']);
  });

  it('says which field a schema lacks, and where', async () => {
    const copy = await make(headerFromKey, { fields: 'nope', headers: 'h', operation: 'copy' });
    const record = sourceRecord({ keySchema: schema, key: schema.create({ id: 1n, city: 'Oslo' }) });
    expect(() => copy(record)).toThrow(
      expect.objectContaining({ kind: 'data', path: 'nope', part: 'key', topic: 'orders' }),
    );
  });

  it('refuses tombstones', async () => {
    const copy = await make(headerFrom, { fields: 'a', headers: 'a', operation: 'copy' });
    expect(() => copy(sourceRecord())).toThrow(expect.objectContaining({ kind: 'data' }));
  });

  it('names every problem of its configuration at once', async () => {
    expect((await problemsOf(headerFrom, { fields: '', operation: 'steal' })).map(([key]) => key)).toEqual([
      'fields',
      'headers',
      'headers',
      'operation',
    ]);
    expect(await problemsOf(headerFrom, { fields: 'a,b', headers: 'a', operation: 'copy' })).toEqual([
      ['headers', expect.stringContaining('got 2 fields and 1 headers')],
    ]);
  });
});
