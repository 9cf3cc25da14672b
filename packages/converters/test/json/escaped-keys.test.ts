import { fromBytes, Schema, toBytes } from '@millrace/api';
import { createJsonConverter } from '@millrace/converters';
import { expect, test } from 'vitest';

const options = {
  schemasCacheSize: 1000,
  decimalFormat: 'BASE64',
  replaceNullWithDefault: true,
  schemaContent: null,
  part: 'value',
} as const;

/** `JSON.parse` of V8 13 gives the tab the name of the backslash here. */
const first = '{"x":0,"\\\\":1,"y":1}';
const second = '{"x":0,"\\t":1,"y":1}';

test('keys with escapes keep their names without a schema', () => {
  const json = createJsonConverter({ ...options, schemasEnable: false });
  expect(fromBytes(json, 't', Buffer.from(first)).value).toEqual({ x: 0, '\\': 1, y: 1 });
  expect(fromBytes(json, 't', Buffer.from(second)).value).toEqual({ x: 0, '\t': 1, y: 1 });
});

test('fields with escapes keep their names with a schema', () => {
  const json = createJsonConverter({ ...options, schemasEnable: true });
  for (const name of ['\\', '\t', '"', '\u0000', 'a\\b', '__proto__']) {
    const schema = Schema.struct([
      ['x', Schema.int32],
      [name, Schema.int32],
    ]);
    const bytes = toBytes(json, 't', schema, schema.create({ x: 0, [name]: 1 }));
    for (let round = 0; round < 10; round++) {
      const decoded = fromBytes(json, 't', bytes);
      expect(decoded.schema).toBe(schema);
      expect(Object.entries(decoded.value as object)).toEqual([
        ['x', 0],
        [name, 1],
      ]);
    }
  }
});
