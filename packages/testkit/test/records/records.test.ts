import { Schema, SinkRecord, SourceRecord } from '@millrace/api';
import { numberedSinkRecords, numberedSourceRecords, sinkRecord, sourceRecord } from '@millrace/testkit';
import { expect, test } from 'vitest';

test('a record says only what matters', () => {
  const source = sourceRecord({ key: 'k' });
  expect(SourceRecord.isInstance(source)).toBe(true);
  expect(source).toMatchObject({ topic: 'test', key: 'k', value: 'value', valueSchema: Schema.string });
  const sink = sinkRecord({ value: { a: 1 }, offset: 7 });
  expect(SinkRecord.isInstance(sink)).toBe(true);
  expect(sink).toMatchObject({ topic: 'test', partition: 0, offset: 7, valueSchema: null });
  expect(sinkRecord({ value: null })).toMatchObject({ value: null, valueSchema: null });
});

test('numbered records have one partition object, and offsets in order', () => {
  const records = numberedSourceRecords(5, 8, (number) => ({ key: number % 2 }));
  expect(records.map(({ key, value, sourceOffset }) => [key, value, sourceOffset?.['seqno']])).toEqual([
    [1, '5', 5n],
    [0, '6', 6n],
    [1, '7', 7n],
  ]);
  expect(new Set(records.map(({ sourcePartition }) => sourcePartition)).size).toBe(1);
  expect(numberedSinkRecords(3, 5).map(({ offset, value }) => [offset, value])).toEqual([
    [3, '3'],
    [4, '4'],
  ]);
});
