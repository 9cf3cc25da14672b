import { DataError, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { flatten } from '../../src/plugin.ts';
import { make, sourceRecord } from '../make.ts';

describe('Flatten', () => {
  it('makes the fields of an optional struct optional, with the defaults of the structs around them', async () => {
    const inner = Schema.struct({ a: Schema.int32, b: Schema.string }, { optional: true, default: { a: 5, b: 'x' } });
    const schema = Schema.struct({ in: inner, z: Schema.string });
    const record = (await make(flatten))(sourceRecord({ value: { in: null, z: 'z' }, valueSchema: schema }));
    expect(
      record?.valueSchema?.fields.map((field) => [field.name, field.schema.optional, field.schema.defaultValue]),
    ).toEqual([
      ['in.a', true, 5],
      ['in.b', true, 'x'],
      ['z', false, undefined],
    ]);
    expect(record?.value).toEqual({ 'in.a': 5, 'in.b': 'x', z: 'z' });
  });

  it('keeps lists, and joins with its delimiter', async () => {
    const record = (await make(flatten, { delimiter: '_' }))(
      sourceRecord({ value: { a: { b: [1], c: { d: null } }, e: {} } }),
    );
    expect(record?.value).toEqual({ a_b: [1], a_c_d: null });
  });

  it('refuses a map inside of a struct and names the field', async () => {
    const schema = Schema.struct({ a: Schema.struct({ m: Schema.map(Schema.string, Schema.string) }) });
    const apply = await make(flatten);
    const record = sourceRecord({ value: { a: { m: new Map() } }, valueSchema: schema });
    expect(() => apply(record)).toThrow(DataError);
    expect(() => apply(record)).toThrow('A map in a struct cannot be flattened: field a.m.');
  });
});
