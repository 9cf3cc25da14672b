import { DataError, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { valueToKey } from '../../src/plugin.ts';
import { make, problemsOf, sourceRecord } from '../make.ts';

const schema = Schema.struct({ id: Schema.int64, customer: Schema.struct({ no: Schema.string }).asOptional() });
const v2 = { 'field.syntax.version': 'V2' };

describe('ValueToKey', () => {
  it('takes nested fields by the last name of their paths', async () => {
    const toKey = await make(valueToKey, { ...v2, fields: 'customer.no,id' });
    const record = toKey(sourceRecord({ value: { id: 1n, customer: { no: 'c1' } }, valueSchema: schema }));
    expect(record?.key).toEqual({ no: 'c1', id: 1n });
    expect(record?.keySchema).toBe(Schema.struct({ no: Schema.string, id: Schema.int64 }));
    expect(toKey(sourceRecord({ value: { customer: { no: 'c1' } } }))?.key).toEqual({ no: 'c1', id: null });
  });

  it('fails on a tombstone, or passes it on with its key', async () => {
    const tombstone = sourceRecord({ key: 'k', keySchema: Schema.string });
    const strict = await make(valueToKey, { fields: 'id' });
    expect(() => strict(tombstone)).toThrow(DataError);
    expect((await make(valueToKey, { fields: 'id', 'null.values': 'pass' }))(tombstone)).toBe(tombstone);
  });

  it('refuses two fields of one name', async () => {
    expect(await problemsOf(valueToKey, { ...v2, fields: 'a.id,b.id' })).toEqual([
      ['fields', 'Fields a.id and b.id would both be named id in the key.'],
    ]);
  });
});
