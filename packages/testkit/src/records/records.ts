import { Schema, SinkRecord, type SinkRecordInit, SourceRecord, type SourceRecordInit } from '@millrace/api';

/** A source record of which only what matters is said. Left out: topic `test`, no key, the value `value` as a text. */
export function sourceRecord(init: Partial<SourceRecordInit> = {}): SourceRecord {
  return new SourceRecord({ topic: 'test', ...textValue(init), ...init });
}

/** A sink record of which only what matters is said. Left out: the first of `test-0`, no key, the value `value` as a text. */
export function sinkRecord(init: Partial<SinkRecordInit> = {}): SinkRecord {
  return new SinkRecord({
    topic: 'test',
    partition: 0,
    offset: 0,
    timestamp: 1_700_000_000_000 + (init.offset ?? 0),
    timestampType: 'create',
    ...textValue(init),
    ...init,
  });
}

/** Source records of the numbers from `from` up to, not including, `to`; partition `{ id }`, offset `{ seqno }`. */
export function numberedSourceRecords(
  from: number,
  to: number,
  init: (number: number) => Partial<SourceRecordInit> = () => ({}),
): SourceRecord[] {
  const sourcePartition = { id: 0 };
  return numbers(from, to).map((number) =>
    sourceRecord({ value: `${number}`, sourcePartition, sourceOffset: { seqno: BigInt(number) }, ...init(number) }),
  );
}

/** Sink records of the offsets from `from` up to, not including, `to`; the value is the offset as a text. */
export function numberedSinkRecords(
  from: number,
  to: number,
  init: (offset: number) => Partial<SinkRecordInit> = () => ({}),
): SinkRecord[] {
  return numbers(from, to).map((offset) => sinkRecord({ offset, value: `${offset}`, ...init(offset) }));
}

/** A value without a word about its schema is a text where it is one. */
function textValue({ value = 'value', valueSchema }: Pick<SourceRecordInit, 'value' | 'valueSchema'>): {
  readonly value: unknown;
  readonly valueSchema: Schema | null;
} {
  return { value, valueSchema: valueSchema ?? (typeof value === 'string' ? Schema.string : null) };
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
