import { Schema, SinkRecord } from '@millrace/api';
import { expect, test } from 'vitest';
import { partitionByField, partitionByKafka, partitionByTime } from '../../src/index.ts';

const record = (value: unknown, timestamp: number | null = null) =>
  new SinkRecord({ topic: 't', partition: 5, offset: 0, value, timestamp });

test('by partition', () => {
  expect(partitionByKafka(record('x'))).toBe('partition=5');
});

test('by fields, nested ones too', () => {
  const schema = Schema.struct({ country: Schema.string, at: Schema.struct({ city: Schema.string.asOptional() }) });
  const value = schema.create({ country: 'de', at: { city: null } });
  expect(partitionByField(['country', 'at.city'])(record(value))).toBe('country=de/at.city=null');
  expect(partitionByField(['n'])(record(new Map([['n', 5n]])))).toBe('n=5');
});

test('a value never leaves its directory', () => {
  const path = partitionByField(['a']);
  expect(path(record({ a: '../../etc/passwd' }))).toBe('a=..%2F..%2Fetc%2Fpasswd');
  expect(path(record({ a: 'nul\0' }))).toBe('a=nul%00');
  expect(path(record({ a: 'c:\\x%' }))).toBe('a=c%3A%5Cx%25');
  expect(() => path(record({ a: 'x'.repeat(300) }))).toThrow('too long');
  expect(() => path(record({ b: 1 }))).toThrow('There is no field a');
  expect(() => path(record({ a: [1] }))).toThrow('holds no single value');
});

test('by time, in a time zone, in steps', () => {
  const options = {
    pathFormat: "'day'=yyyy-MM-dd/'hour'=HH",
    timeZone: 'Europe/Berlin',
    duration: 3_600_000,
    field: null,
  };
  const path = partitionByTime(options);
  expect(path(record(null, Date.UTC(2026, 6, 1, 22, 59)))).toBe('day=2026-07-02/hour=00');
  expect(path(record(null, Date.UTC(2026, 6, 1, 21, 59)))).toBe('day=2026-07-01/hour=23');
  expect(() => path(record(null, null))).toThrow('no timestamp');
  const byField = partitionByTime({ ...options, timeZone: 'UTC', field: 'at' });
  for (const at of [new Date(3_600_000), 3_600_000, 3_600_000n, '1970-01-01T01:00:00Z']) {
    expect(byField(record({ at }))).toBe('day=1970-01-01/hour=01');
  }
  expect(() => byField(record({ at: 'soon' }))).toThrow('holds no time');
});
