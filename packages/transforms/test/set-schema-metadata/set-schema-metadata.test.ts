import { Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { setSchemaMetadata } from '../../src/plugin.ts';
import { make, sourceRecord } from '../make.ts';

describe('SetSchemaMetadata', () => {
  it('shares the struct with the record that it got', async () => {
    const schema = Schema.struct({ id: Schema.int64 }, { doc: 'kept' });
    const value = schema.create({ id: 1n });
    const set = await make(setSchemaMetadata, { 'schema.name': 'Order', 'schema.version': '2' });
    const record = set(sourceRecord({ value, valueSchema: schema }));
    expect(record?.valueSchema).toBe(schema.with({ name: 'Order', version: 2 }));
    expect(record?.value).toBe(value);
  });

  it('puts defaults in, or leaves null where it may', async () => {
    const schema = Schema.struct({ a: Schema.int32.with({ optional: true, default: 3 }) });
    const record = sourceRecord({ value: { a: null }, valueSchema: schema });
    const filling = await make(setSchemaMetadata, { 'schema.name': 'N' });
    const keeping = await make(setSchemaMetadata, { 'schema.name': 'N', 'replace.null.with.default': 'false' });
    expect(filling(record)?.value).toEqual({ a: 3 });
    expect(keeping(record)?.value).toEqual({ a: null });
  });

  it('refuses a value without a schema', async () => {
    const set = await make(setSchemaMetadata, { 'schema.name': 'N' });
    expect(() => set(sourceRecord({ value: {} }))).toThrow('The value of this record has no schema');
  });
});
