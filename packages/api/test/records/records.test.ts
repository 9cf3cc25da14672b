import { Headers, Schema, SinkRecord, SourceRecord } from '@millrace/api';
import { describe, expect, it } from 'vitest';

const key = { id: 1 };
const value = { name: 'x' };
const headers = Headers.of([{ key: 'h', value: 1, schema: null }]);

const source = new SourceRecord({
  topic: 't',
  partition: 2,
  key,
  keySchema: Schema.string,
  value,
  valueSchema: Schema.bytes,
  timestamp: 5,
  headers,
  sourcePartition: { file: 'f' },
  sourceOffset: { position: 7n },
});

const sink = new SinkRecord({
  topic: 't',
  partition: 2,
  offset: 9,
  key,
  value,
  timestamp: 5,
  timestampType: 'create',
  headers,
});

describe.each([source, sink])('a record', (record) => {
  it('shares with the next one what did not change', () => {
    const next = record.with({ topic: 'u' });
    expect(next.topic).toBe('u');
    expect(next.key).toBe(key);
    expect(next.value).toBe(value);
    expect(next.headers).toBe(headers);
    expect(record.topic).toBe('t');
  });

  it('changes what is named, to null too', () => {
    const next = record.with({
      partition: null,
      key: null,
      keySchema: null,
      value: 'v',
      valueSchema: Schema.string,
      timestamp: null,
      headers: Headers.empty,
    });
    expect([
      next.partition,
      next.key,
      next.keySchema,
      next.value,
      next.valueSchema,
      next.timestamp,
      next.headers.size,
    ]).toEqual([null, null, null, 'v', Schema.string, null, 0]);
  });

  it('has its fields in the same order after a change', () => {
    expect(Object.keys(record.with({ topic: 'u' }))).toEqual(Object.keys(record));
  });
});

describe('a source record', () => {
  it('keeps where it comes from', () => {
    const next = source.with({ topic: 'u' });
    expect(next.sourcePartition).toBe(source.sourcePartition);
    expect(next.sourceOffset).toBe(source.sourceOffset);
    expect([SourceRecord.isInstance(next), SinkRecord.isInstance(next)]).toEqual([true, false]);
  });

  it('needs nothing but a topic', () => {
    const { topic, headers: none, ...others } = new SourceRecord({ topic: 't' });
    expect([topic, none]).toEqual(['t', Headers.empty]);
    expect(new Set(Object.values(others))).toEqual(new Set([null]));
  });
});

describe('a sink record', () => {
  it('remembers where Kafka holds it', () => {
    const next = sink.with({ topic: 'u', partition: 3 }).with({ topic: 'w' });
    expect([next.topic, next.partition, next.offset]).toEqual(['w', 3, 9]);
    expect([next.originalTopic, next.originalPartition, next.originalOffset]).toEqual(['t', 2, 9]);
    expect(next.timestampType).toBe('create');
  });
});
