import { DataError, Decimal } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { tableKeyPart } from '../../src/lookup/table-key.ts';

describe('a part of a key', () => {
  it.each([
    ['an int64', 5n, 5],
    ['a Decimal that is whole', new Decimal(500n, 2), 5],
    ['a Decimal with a negative scale', new Decimal(5n, -2), 500],
    ['zero below zero', -0, 0],
    ['an integer beyond the safe ones', 2n ** 60n, 2n ** 60n],
    ['a Decimal beyond the safe integers', new Decimal(2n ** 60n, 0), 2n ** 60n],
    ['a Decimal with a fraction', new Decimal(1250n, 3), '1.25'],
    ['a moment', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a text', '5', '5'],
    ['a boolean', false, false],
    ['null', null, null],
    ['nothing', undefined, null],
  ])('has one form: %s', (_, value, part) => {
    expect(tableKeyPart(value, 'id')).toBe(part);
  });

  it.each([
    ['NaN', Number.NaN],
    ['bytes', Buffer.from('a')],
    ['an object', {}],
    ['an array', []],
    ['an invalid Date', new Date(Number.NaN)],
  ])('cannot be %s', (_, value) => {
    expect(() => tableKeyPart(value, 'order.id')).toThrow(DataError);
    expect(() => tableKeyPart(value, 'order.id')).toThrow(expect.objectContaining({ path: 'order.id' }));
  });
});
