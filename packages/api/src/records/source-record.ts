import { brandOf } from '../brand.ts';
import type { Schema } from '../schema/schema.ts';
import type { RecordChanges } from './connect-record.ts';
import { Headers } from './headers.ts';

/** A position in a source is kept as a flat object of these. */
export type OffsetValue = string | number | bigint | boolean | null;
export type OffsetMap = Readonly<Record<string, OffsetValue>>;

/** What a source task gives; everything but the topic may be left out. */
export interface SourceRecordInit<P = OffsetMap, O = OffsetMap> {
  readonly topic: string;
  /** Left out or `null`: chosen by the key. */
  readonly partition?: number | null;
  readonly key?: unknown;
  readonly keySchema?: Schema | null;
  readonly value?: unknown;
  readonly valueSchema?: Schema | null;
  /** Milliseconds since 1970; left out or `null`: the time of sending. */
  readonly timestamp?: number | null;
  readonly headers?: Headers;
  /** Where the record comes from: a file, a table. `null`: there is nothing to come back to. */
  readonly sourcePartition?: P | null;
  /** The position behind the record: a task that starts there gives the next one. */
  readonly sourceOffset?: O | null;
}

const brand = brandOf('source-record');

/** A record on its way to Kafka. Nobody changes one that another has seen: {@link SourceRecord.with} makes the next. */
export class SourceRecord<P = OffsetMap, O = OffsetMap> {
  static {
    brand.mark(SourceRecord);
  }

  readonly topic: string;
  readonly partition: number | null;
  readonly keySchema: Schema | null;
  readonly key: unknown;
  readonly valueSchema: Schema | null;
  readonly value: unknown;
  readonly timestamp: number | null;
  readonly headers: Headers;
  readonly sourcePartition: P | null;
  readonly sourceOffset: O | null;

  constructor(init: SourceRecordInit<P, O>) {
    this.topic = init.topic;
    this.partition = init.partition ?? null;
    this.keySchema = init.keySchema ?? null;
    this.key = init.key ?? null;
    this.valueSchema = init.valueSchema ?? null;
    this.value = init.value ?? null;
    this.timestamp = init.timestamp ?? null;
    this.headers = init.headers ?? Headers.empty;
    this.sourcePartition = init.sourcePartition ?? null;
    this.sourceOffset = init.sourceOffset ?? null;
  }

  static isInstance(value: unknown): value is SourceRecord {
    return brand.isOn(value);
  }

  /** The same record but for these parts; what did not change is shared, not copied. */
  with(changes: RecordChanges): SourceRecord<P, O> {
    return new SourceRecord<P, O>({
      topic: changes.topic ?? this.topic,
      partition: changes.partition === undefined ? this.partition : changes.partition,
      keySchema: changes.keySchema === undefined ? this.keySchema : changes.keySchema,
      key: changes.key === undefined ? this.key : changes.key,
      valueSchema: changes.valueSchema === undefined ? this.valueSchema : changes.valueSchema,
      value: changes.value === undefined ? this.value : changes.value,
      timestamp: changes.timestamp === undefined ? this.timestamp : changes.timestamp,
      headers: changes.headers ?? this.headers,
      sourcePartition: this.sourcePartition,
      sourceOffset: this.sourceOffset,
    });
  }
}
