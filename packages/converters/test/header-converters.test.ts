import { createByteWriter, DataError, type HeaderConverter, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { asHeaderConverter, createJsonConverter, createSimpleHeaderConverter } from '../src/index.ts';

function write(converter: HeaderConverter, schema: Schema | null, value: unknown): string | null {
  const writer = createByteWriter();
  return converter.encode('t', 'h', schema, value, writer) ? writer.buffer.toString('utf8', 0, writer.position) : null;
}

function read(converter: HeaderConverter, text: string | null) {
  const bytes = text === null ? null : Buffer.from(text);
  return { ...converter.decode('t', 'h', bytes, 0, bytes?.length ?? 0) };
}

describe('SimpleHeaderConverter', () => {
  it.each([
    [Schema.int32, 5, '5'],
    [Schema.float64, 1, '1.0'],
    [null, 'text', 'text'],
    [Schema.array(Schema.string), ['a', 'b'], '["a","b"]'],
    [null, null, null],
  ])('writes a value of %s as text', (schema, value, text) => {
    expect(write(createSimpleHeaderConverter(), schema as Schema | null, value)).toBe(text);
  });

  it('guesses the schema from the text', () => {
    const converter = createSimpleHeaderConverter();
    expect(read(converter, '5')).toEqual({ schema: Schema.int8, value: 5 });
    expect(read(converter, 'text')).toEqual({ schema: Schema.string, value: 'text' });
    expect(read(converter, '')).toEqual({ schema: Schema.string, value: '' });
    expect(read(converter, null)).toEqual({ schema: null, value: null });
  });

  it('says in which header a value cannot be written', () => {
    expect(() => write(createSimpleHeaderConverter(), null, new Date(Number.NaN))).toThrow('Topic t, header h: ');
  });
});

describe('a converter of values that works on headers', () => {
  it('writes and reads as before, and names the header in its errors', () => {
    const converter = asHeaderConverter((part) => createJsonConverter({ part, schemasEnable: false }));
    expect(read(converter, write(converter, null, { a: 1 }))).toEqual({ schema: null, value: { a: 1 } });
    expect(() => read(converter, '{')).toThrow(DataError);
    expect(() => converter.decode('t', 'first', Buffer.from('{'), 0, 1)).toThrow('Topic t, header first: ');
    expect(() => converter.decode('t', 'second', Buffer.from('{'), 0, 1)).toThrow('Topic t, header second: ');
  });
});
