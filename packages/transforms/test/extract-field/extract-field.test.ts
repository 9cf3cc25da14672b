import { DataError, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { extractField, extractFieldKey } from '../../src/plugin.ts';
import { make, problemsOf, sourceRecord } from '../make.ts';

const address = Schema.struct({ 'first.line': Schema.string, zip: Schema.int32 });
const person = Schema.struct({ name: Schema.string, address: address.asOptional() });
const ann = person.create({ name: 'Ann', address: address.create({ 'first.line': 'Main', zip: 1 }) });

describe('ExtractField', () => {
  it('takes a nested field out of the key', async () => {
    const extract = await make(extractFieldKey, { field: 'address.`first.line`', 'field.syntax.version': 'v2' });
    const record = extract(sourceRecord({ key: ann, keySchema: person, value: 'v' }));
    expect(record).toMatchObject({ key: 'Main', keySchema: Schema.string, value: 'v' });
  });

  it('says which field is missing, where, and which there are', async () => {
    const extract = await make(extractField, { field: 'nme' });
    const record = sourceRecord({ value: ann, valueSchema: person });
    let error: unknown;
    try {
      extract(record);
    } catch (thrown) {
      error = thrown;
    }
    expect(DataError.isInstance(error) && error).toMatchObject({
      message: 'Unknown field: nme. The fields are: name, address.',
      topic: 'orders',
      part: 'value',
      path: 'nme',
    });
  });

  it('returns a tombstone itself', async () => {
    const record = sourceRecord();
    expect((await make(extractField, { field: 'a' }))(record)).toBe(record);
  });

  it('names every problem of its configuration', async () => {
    expect(await problemsOf(extractField, { 'field.syntax.version': 'V3', 'replace.null.with.default': 'x' })).toEqual([
      ['field', expect.stringContaining('Missing required configuration')],
      ['field.syntax.version', expect.stringContaining('V1, V2')],
      ['replace.null.with.default', expect.any(String)],
    ]);
  });
});
