import { Decimal, fromBytes, Schema, toBytes, Values } from '@millrace/api';
import { createJsonConverter } from '@millrace/converters';
import { describe, expect, test } from 'vitest';

const options = {
  schemasCacheSize: 1000,
  decimalFormat: 'BASE64',
  replaceNullWithDefault: true,
  schemaContent: null,
  part: 'value',
} as const;

describe('nothing is lost', () => {
  test('when a field stands under a wrong name, however often', () => {
    const json = createJsonConverter({ ...options, schemasEnable: false });
    const schema = Schema.struct({
      id: Schema.int32,
      tags: Schema.array(Schema.string).asOptional(),
      bytes: Schema.bytes.asOptional(),
    });
    for (let round = 0; round < 10; round++) {
      expect(() => toBytes(json, 't', schema, { id: 1, tagz: ['lost'], bytes: null })).toThrow(/tagz|tags/);
      expect(() => toBytes(json, 't', schema, { id: 1, tags: null, bites: Buffer.from('x') })).toThrow(/bites|bytes/);
    }
  });

  test.each([3, 4, 30])('of %i million bytes', (millions) => {
    const json = createJsonConverter({ ...options, schemasEnable: true });
    const value = Buffer.alloc(millions * 1_000_000, 7);
    const bytes = toBytes(json, 't', Schema.bytes, value);
    expect(Buffer.compare(fromBytes(json, 't', bytes).value as Buffer, value)).toBe(0);
  });

  test.each(['utf8', 'utf16le'] as const)('of a large integer in %s', (encoding) => {
    const json = createJsonConverter({ ...options, schemasEnable: false });
    const { value } = fromBytes(json, 't', Buffer.from('{"a":9007199254740993}', encoding));
    expect(value).toEqual({ a: 9007199254740993n });
  });

  test('of a default that its maker goes on using', () => {
    const mine = Buffer.from([1]);
    const schema = Schema.bytes.with({ default: mine });
    mine[0] = 9;
    expect(schema.defaultValue).toEqual(Buffer.from([1]));
    expect(Schema.bytes.with({ default: Buffer.from([1]) })).toBe(schema);
  });
});

test('a hostile number is refused in no time', () => {
  const digits = `${'1'.repeat(1_000_000)}x`;
  const start = performance.now();
  expect(() => Decimal.parse(digits)).toThrow(/no decimal number/);
  expect(Values.parseString(digits).value).toBe(digits);
  expect(performance.now() - start).toBeLessThan(2000);
});
