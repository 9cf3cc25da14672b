import { DataError, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { replaceField } from '../../src/plugin.ts';
import { make, problemsOf, sourceRecord } from '../make.ts';

const address = Schema.struct({ street: Schema.string, zip: Schema.int32 }, { name: 'Address' });
const schema = Schema.struct({ id: Schema.int64, address: address.asOptional(), note: Schema.string });
const value = schema.create({ id: 1n, address: { street: 'Main', zip: 7 }, note: 'n' });
const record = sourceRecord({ value, valueSchema: schema });
const v2 = { 'field.syntax.version': 'V2' };

describe('ReplaceField', () => {
  it('takes out, keeps and renames nested fields', async () => {
    const replace = await make(replaceField, {
      ...v2,
      exclude: 'address.zip',
      renames: 'address.street:line,note:text',
    });
    const replaced = replace(record);
    expect(replaced?.value).toEqual({ id: 1n, address: { line: 'Main' }, text: 'n' });
    expect(replaced?.valueSchema?.field('address')?.schema).toMatchObject({ name: 'Address', optional: true });
  });

  it('keeps only the nested fields that are included', async () => {
    const replace = await make(replaceField, { ...v2, include: 'id,address.zip' });
    expect(replace(record)?.value).toEqual({ id: 1n, address: { zip: 7 } });
    expect(replace(sourceRecord({ value: { id: 1, x: 2, address: { zip: 7, street: 's' } } }))?.value).toEqual({
      id: 1,
      address: { zip: 7 },
    });
  });

  it('leaves a nested struct that is null', async () => {
    const replace = await make(replaceField, { ...v2, exclude: 'address.zip' });
    const empty = { ...value, address: null };
    expect(replace(sourceRecord({ value: empty, valueSchema: schema }))?.value).toEqual(empty);
  });

  it('refuses a path through something that has no fields', async () => {
    const replace = await make(replaceField, { ...v2, exclude: 'note.x' });
    expect(() => replace(record)).toThrow(DataError);
    expect(() => replace(record)).toThrow('The path note.x goes through the field note, which is of type string');
  });

  it('refuses a new name that is taken', async () => {
    const replace = await make(replaceField, { renames: 'id:note' });
    expect(() => replace(record)).toThrow('Field "note" stands twice in a struct.');
  });

  it('is not fooled by __proto__ without a schema', async () => {
    const replace = await make(replaceField, { renames: 'a:__proto__' });
    expect(Object.entries(replace(sourceRecord({ value: { a: 1 } }))?.value as object)).toEqual([['__proto__', 1]]);
  });

  it('names every problem of its configuration', async () => {
    expect(await problemsOf(replaceField, { renames: 'a:b,c,d:e:f' })).toEqual([
      ['renames', expect.stringContaining('Invalid rename mapping: c, d:e:f')],
    ]);
    expect(await problemsOf(replaceField, { ...v2, include: '`a', exclude: '`b', renames: '`c:d' })).toEqual([
      ['exclude', expect.stringContaining('`b')],
      ['include', expect.stringContaining('`a')],
      ['renames', expect.stringContaining('`c')],
    ]);
  });
});
