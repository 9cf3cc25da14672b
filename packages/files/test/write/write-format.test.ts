import { createByteWriter, Decimal, Schema, SinkRecord } from '@millrace/api';
import { expect, test } from 'vitest';
import { createFormat, createReader, jsonText, type WriteFormatName } from '../../src/index.ts';
import { readerDefaults } from '../read/read-all.ts';

const record = (value: unknown, valueSchema: Schema | null = null) =>
  new SinkRecord({ topic: 't', partition: 0, offset: 0, value, valueSchema });

function write(name: WriteFormatName, records: readonly SinkRecord[], header = true): string {
  const format = createFormat(name, { delimiter: ',', header });
  const writer = createByteWriter(4);
  if (records[0] !== undefined) format.writeHeader(writer, records[0]);
  for (const item of records) format.write(writer, item);
  return writer.buffer.toString('utf8', 0, writer.position);
}

const order = Schema.struct({
  id: Schema.int64,
  price: Schema.decimal(2),
  at: Schema.timestamp,
  day: Schema.date,
  note: Schema.string.asOptional(),
  tags: Schema.array(Schema.string),
  counts: Schema.map(Schema.string, Schema.int32),
  bytes: Schema.bytes,
});
const value = order.create({
  id: 9007199254740993n,
  price: Decimal.parse('12.50'),
  at: new Date('2026-01-02T03:04:05.006Z'),
  day: new Date('2026-01-02T00:00:00Z'),
  tags: ['a', 'b"c'],
  counts: new Map([['x', 1]]),
  bytes: Buffer.from('hi'),
});

test('writes values as lines of text', () => {
  expect(write('lines', [record('a'), record('é', Schema.string), record(1.5, Schema.float64)])).toBe('a\né\n1.5\n');
});

test('writes JSON with all digits, dates in ISO form and bytes in Base64', () => {
  expect(write('jsonl', [record(value, order)])).toBe(
    '{"id":9007199254740993,"price":12.50,"at":"2026-01-02T03:04:05.006Z","day":"2026-01-02","note":null,' +
      '"tags":["a","b\\"c"],"counts":{"x":1},"bytes":"aGk="}\n',
  );
  expect(jsonText(null, { a: [1n, new Date(0)], b: { c: null } })).toBe(
    '{"a":[1,"1970-01-01T00:00:00.000Z"],"b":{"c":null}}',
  );
});

test('names the place of what JSON cannot hold', () => {
  expect(() => jsonText(null, { a: [Number.NaN] })).toThrow(expect.objectContaining({ path: 'a[0]' }));
  const schema = Schema.struct({ ratio: Schema.float64 });
  expect(() => jsonText(schema, schema.create({ ratio: Number.POSITIVE_INFINITY }))).toThrow(
    'JSON has no number Infinity',
  );
});

test('writes CSV that the reader gives back', () => {
  const row = Schema.struct({ a: Schema.string.asOptional(), b: Schema.string.asOptional() });
  const rows = [
    { a: 'x,y', b: '"q"\nr' },
    { a: '', b: null },
  ].map((fields) => row.create(fields));
  const text = write(
    'csv',
    rows.map((fields) => record(fields, row)),
  );
  expect(text).toBe('a,b\n"x,y","""q""\nr"\n"",\n');
  const reader = createReader({ ...readerDefaults, format: 'csv' });
  reader.push(Buffer.from(text));
  for (const fields of rows) {
    expect(reader.next()).toBe(true);
    expect(reader.value).toEqual(fields);
  }
});

test('writes what is nested in CSV as JSON, and objects without a schema by their keys', () => {
  expect(write('csv', [record({ id: 1, list: [1, 'a'] })])).toBe('id,list\n1,"[1,""a""]"\n');
  expect(write('csv', [record({ id: 1 })], false)).toBe('1\n');
});

test('tells shapes apart: a CSV file holds rows of one', () => {
  const format = createFormat('csv', { delimiter: ',', header: true });
  expect(format.shapeOf(record({ a: 1 }))).toBe(format.shapeOf(record({ a: 2 })));
  expect(format.shapeOf(record({ a: 1 }))).not.toBe(format.shapeOf(record({ b: 1 })));
  expect(() => format.shapeOf(record('text'))).toThrow('A row of CSV is made of a struct or an object');
});
