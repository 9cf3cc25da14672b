import { DataError, Decimal, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { maskField } from '../../src/plugin.ts';
import { make, problemsOf, sourceRecord } from '../make.ts';

const card = Schema.struct({ number: Schema.string, limit: Schema.decimal(2).asOptional() });
const schema = Schema.struct({ id: Schema.int64, card: card.asOptional() });
const value = schema.create({ id: 1n, card: card.create({ number: '4111', limit: new Decimal(500n, 2) }) });

describe('MaskField', () => {
  it('masks nested fields and leaves the schema as it is', async () => {
    const mask = await make(maskField, { fields: 'card.number,card.limit', 'field.syntax.version': 'V2' });
    const record = mask(sourceRecord({ value, valueSchema: schema }));
    expect(record?.value).toEqual({ id: 1n, card: { number: '', limit: new Decimal(0n, 2) } });
    expect(record?.valueSchema).toBe(schema);
  });

  it('gives a replacement the scale of the schema, and refuses one that does not fit', async () => {
    const fields = { fields: 'card.limit', 'field.syntax.version': 'V2' };
    const record = sourceRecord({ value, valueSchema: schema });
    const masked = (await make(maskField, { ...fields, replacement: '9.5' }))(record)?.value as typeof value;
    expect(masked.card?.limit).toEqual(new Decimal(950n, 2));
    const unfit = await make(maskField, { ...fields, replacement: '9.555' });
    expect(() => unfit(record)).toThrow('The replacement 9.555 cannot mask field card.limit, which is decimal.');
  });

  it('never leaves a field unmasked because its path goes through a list or a map', async () => {
    const mask = await make(maskField, { fields: 'a.secret', 'field.syntax.version': 'V2' });
    const list = Schema.struct({ a: Schema.array(Schema.string) });
    expect(() => mask(sourceRecord({ value: { a: ['s'] }, valueSchema: list }))).toThrow(DataError);
    expect(() => mask(sourceRecord({ value: { a: [{ secret: 1 }] } }))).toThrow(DataError);
  });

  it('fails on a tombstone, or passes it on', async () => {
    const tombstone = sourceRecord({ valueSchema: schema });
    const strict = await make(maskField, { fields: 'id' });
    expect(() => strict(tombstone)).toThrow(
      "Only structs can be used for masking fields; this record's value is null.",
    );
    const tolerant = await make(maskField, { fields: 'id', 'null.values': 'pass' });
    expect(tolerant(tombstone)).toBe(tombstone);
  });

  it('names the field that cannot be masked', async () => {
    const mask = await make(maskField, { fields: 'card' });
    let error: unknown;
    try {
      mask(sourceRecord({ value, valueSchema: schema }));
    } catch (thrown) {
      error = thrown;
    }
    expect(DataError.isInstance(error) && error).toMatchObject({ path: 'card', part: 'value', topic: 'orders' });
  });

  it('names every problem of its configuration', async () => {
    expect(await problemsOf(maskField, { fields: '', replacement: '', 'null.values': 'drop' })).toEqual([
      ['fields', expect.stringContaining('must not be empty')],
      ['replacement', expect.stringContaining('non-empty')],
      ['null.values', expect.stringContaining('fail, pass')],
    ]);
  });
});
