import { type Converter, DataError, fromBytes, Schema, toBytes } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import {
  createBooleanConverter,
  createByteArrayConverter,
  createDoubleConverter,
  createFloatConverter,
  createIntegerConverter,
  createLongConverter,
  createShortConverter,
} from '../src/index.ts';

const converters: readonly (readonly [string, Converter, Schema, unknown, string, unknown])[] = [
  ['ShortConverter', createShortConverter(), Schema.int16, -2, 'fffe', 32_768],
  ['IntegerConverter', createIntegerConverter(), Schema.int32, 258, '00000102', 2 ** 31],
  ['LongConverter', createLongConverter(), Schema.int64, 2n ** 62n, '4000000000000000', 2n ** 63n],
  ['FloatConverter', createFloatConverter(), Schema.float32, 1.5, '3fc00000', '1.5'],
  ['DoubleConverter', createDoubleConverter(), Schema.float64, 1.5, '3ff8000000000000', 1n],
  ['BooleanConverter', createBooleanConverter(), Schema.boolean, true, '01', 1],
  ['ByteArrayConverter', createByteArrayConverter(), Schema.bytes, Buffer.from([1, 2]), '0102', 'text'],
];

describe.each(converters)('%s', (name, converter, schema, value, hex, wrong) => {
  it('writes and reads its type', () => {
    const bytes = toBytes(converter, 't', schema, value);
    expect(bytes?.toString('hex')).toBe(hex);
    expect(fromBytes(converter, 't', bytes)).toEqual({ schema: schema.asOptional(), value });
    expect(toBytes(converter, 't', null, value)?.toString('hex')).toBe(hex);
  });

  it('reads out of the middle of a batch', () => {
    const fetched = new Uint8Array(Buffer.from(`ff${hex}ff`, 'hex'));
    expect(converter.decode('t', fetched, 1, fetched.length - 1, undefined).value).toEqual(value);
  });

  it('leaves null alone', () => {
    expect(toBytes(converter, 't', schema, null)).toBeNull();
    expect(fromBytes(converter, 't', null)).toEqual({ schema: schema.asOptional(), value: null });
  });

  it('refuses what is of another type, by schema and by value', () => {
    expect(() => toBytes(converter, 't', Schema.string, 'x')).toThrow(DataError);
    expect(() => toBytes(converter, 't', Schema.string, 'x')).toThrow(`Topic t, value: ${name} takes`);
    expect(() => toBytes(converter, 't', schema, wrong)).toThrow(`${name} takes`);
  });
});

describe.each(converters.filter(([name]) => name !== 'ByteArrayConverter'))(
  '%s',
  (name, converter, _schema, _value, hex) => {
    it('refuses any other number of bytes', () => {
      for (const bytes of [Buffer.alloc(0), Buffer.from(`${hex}00`, 'hex')]) {
        expect(() => fromBytes(converter, 't', bytes)).toThrow(`${name} takes ${hex.length / 2} byte`);
      }
    });
  },
);

describe('numbers without a schema', () => {
  it('are refused by FloatConverter when they would lose digits', () => {
    expect(() => toBytes(createFloatConverter(), 't', null, 0.1)).toThrow(DataError);
    expect(toBytes(createFloatConverter(), 't', Schema.float32, 0.1)?.toString('hex')).toBe('3dcccccd');
  });
});

describe('a boolean', () => {
  it('is a byte of 0 or 1, and nothing else', () => {
    expect(() => fromBytes(createBooleanConverter(), 't', Buffer.from([2]))).toThrow('a byte of 0 or 1, got 2');
  });
});

describe('the bytes that ByteArrayConverter reads', () => {
  it('are a view of the message', () => {
    const message = Buffer.from('abc');
    const { value } = fromBytes(createByteArrayConverter(), 't', message);
    message[0] = 0x41;
    expect(String(value)).toBe('Abc');
  });
});
