import { Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { MemoryTable } from '../../src/lookup/memory-table.ts';

const customer = Schema.struct({ id: Schema.int64, name: Schema.string, city: Schema.string.asOptional() });
const ann = customer.create({ id: 1n, name: 'Ann', city: 'Oslo' });

describe('a table in memory', () => {
  it('gives the row that was put last', () => {
    const table = new MemoryTable();
    table.set(1, customer, customer.create({ id: 1n, name: 'Old' }));
    table.set(1, customer, ann);
    expect(table.get(1)).toEqual({ schema: customer, value: ann });
    expect(table.size).toBe(1);
  });

  it('forgets a row that is deleted, or put as null', () => {
    const table = new MemoryTable();
    for (const key of ['a', 'b']) table.set(key, customer, ann);
    table.delete('a');
    table.set('b', customer, null);
    expect([table.get('a'), table.get('b'), table.size]).toEqual([undefined, undefined, 0]);
  });

  it('keeps only the fields that are wanted', () => {
    const table = new MemoryTable({ fields: ['city', 'nothing'] });
    table.set(1, customer, ann);
    expect(table.get(1)).toEqual({
      schema: Schema.struct({ city: Schema.string.asOptional() }),
      value: { city: 'Oslo' },
    });
    table.set(2, null, { city: 'Rome', secret: 1 });
    expect(table.get(2)).toEqual({ schema: null, value: { city: 'Rome' } });
  });

  it('gives each row with its own schema when the schema of the rows changes', () => {
    const next = Schema.struct({ name: Schema.string, age: Schema.int32 });
    const table = new MemoryTable();
    table.set(1, customer, ann);
    table.set(2, next, next.create({ name: 'Bob', age: 7 }));
    expect(table.get(1)?.schema).toBe(customer);
    expect(table.get(2)?.schema).toBe(next);
    expect(table.schema).toBe(next);
  });

  it('tells 5 from "5", and finds both by text where keys are texts', () => {
    const exact = new MemoryTable();
    exact.set(5, customer, ann);
    expect([exact.get('5'), exact.get(5)?.value]).toEqual([undefined, ann]);
    const text = new MemoryTable({ keys: 'text' });
    text.set('5', customer, ann);
    expect([text.get(5)?.value, text.get('5')?.value]).toEqual([ann, ann]);
  });

  it('does not mix up the parts of a key', () => {
    const table = new MemoryTable();
    table.set(['a', 'bc'], customer, ann);
    table.set([1, 23], customer, ann);
    expect(table.get(['a', 'bc'])?.value).toBe(ann);
    for (const key of [
      ['ab', 'c'],
      ['a', 'bc', ''],
      [12, 3],
      ['1', 23],
      [1, '23'],
    ])
      expect(table.get(key)).toBeUndefined();
  });

  it('copies bytes, which may be a view into what was fetched', () => {
    const schema = Schema.struct({ raw: Schema.bytes, list: Schema.array(Schema.bytes) });
    const fetched = Buffer.from('abcdef');
    const table = new MemoryTable();
    table.set(1, schema, schema.create({ raw: fetched.subarray(0, 3), list: [fetched.subarray(3)] }));
    table.set(2, null, { raw: fetched.subarray(0, 3) });
    fetched.fill(0);
    expect(table.get(1)?.value).toEqual({
      raw: Uint8Array.from(Buffer.from('abc')),
      list: [Uint8Array.from(Buffer.from('def'))],
    });
    expect(table.get(2)?.value).toEqual({ raw: Uint8Array.from(Buffer.from('abc')) });
  });
});
