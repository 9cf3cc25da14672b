import { ConfigError, DataError, Decimal, fromBytes, Schema, toBytes } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { createStringConverter } from '../src/index.ts';

describe('StringConverter', () => {
  it.each(['', 'plain', 'é 日本 😀', 'x'.repeat(1000), 'ü'.repeat(1000)])('gives back the text %s', (text) => {
    const converter = createStringConverter();
    expect(fromBytes(converter, 't', toBytes(converter, 't', Schema.string, text))).toEqual({
      schema: Schema.string.asOptional(),
      value: text,
    });
  });

  it.each([
    ['UTF-8', 'a\ud800b\ude00', '613f623f'],
    ['utf8', 'é', 'c3a9'],
    ['ISO-8859-1', 'é日😀', 'e93f3f'],
    ['US-ASCII', 'é😀a', '3f3f61'],
    ['UTF-16', 'a\ud800', 'feff0061fffd'],
    ['UTF-16BE', 'a', '0061'],
    ['UTF-16LE', 'a', '6100'],
  ])('writes in %s, with a replacement for what that cannot hold', (encoding, text, hex) => {
    expect(toBytes(createStringConverter({ encoding }), 't', null, text)?.toString('hex')).toBe(hex);
  });

  it('reads UTF-16 in the order that its mark says', () => {
    const converter = createStringConverter({ encoding: 'UTF-16' });
    for (const hex of ['feff0061', 'fffe6100', '0061']) {
      expect(fromBytes(converter, 't', Buffer.from(hex, 'hex')).value).toBe('a');
    }
  });

  it.each([
    [Schema.float64, 1, '1.0'],
    [Schema.float32, Math.fround(1.1), '1.1'],
    [Schema.int64, 5n, '5'],
    [null, 5, '5'],
    [null, true, 'true'],
    [Schema.decimal(2), new Decimal(150n, 2), '1.50'],
    [Schema.timestamp, new Date(1_692_799_999_123), 'Wed Aug 23 14:13:19 UTC 2023'],
    [Schema.array(Schema.float64), [1, 2.5], '[1.0, 2.5]'],
    [null, { a: 1, b: [null, 'x'] }, '{a=1, b=[null, x]}'],
    [Schema.map(Schema.int32, Schema.string), new Map([[2, 'b']]), '{2=b}'],
  ])('writes the text of a value of %s as Java prints it', (schema, value, text) => {
    expect(toBytes(createStringConverter(), 't', schema as Schema | null, value)?.toString()).toBe(text);
  });

  it('shows a struct with the fields that are set', () => {
    const schema = Schema.struct({ a: Schema.int32, b: Schema.string.asOptional(), c: Schema.string });
    expect(toBytes(createStringConverter(), 't', schema, { a: 1, b: null, c: 'x' })?.toString()).toBe(
      'Struct{a=1,c=x}',
    );
  });

  it('refuses bytes, whose text in Java is a place in memory', () => {
    const write = () => toBytes(createStringConverter({ part: 'key' }), 'orders', Schema.bytes, Buffer.from('x'));
    expect(write).toThrow(DataError);
    expect(write).toThrow('Topic orders, key: Bytes have no text');
  });

  it('leaves null alone', () => {
    const converter = createStringConverter();
    expect(toBytes(converter, 't', Schema.string, null)).toBeNull();
    expect(fromBytes(converter, 't', null).value).toBeNull();
  });

  it('refuses an encoding that it does not know', () => {
    expect(() => createStringConverter({ encoding: 'nope' })).toThrow(ConfigError);
    expect(() => createStringConverter({ encoding: 'nope' })).toThrow('known are UTF-8');
  });
});
