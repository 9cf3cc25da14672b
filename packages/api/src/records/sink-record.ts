import { brandOf } from '../brand.ts';
import type { Schema } from '../schema/schema.ts';
import type { RecordChanges } from './connect-record.ts';
import { Headers } from './headers.ts';

export type TimestampType = 'none' | 'create' | 'log-append';

export interface SinkRecordInit {
  readonly topic: string;
  readonly partition: number | null;
  readonly offset: number;
  readonly key?: unknown;
  readonly keySchema?: Schema | null;
  readonly value?: unknown;
  readonly valueSchema?: Schema | null;
  readonly timestamp?: number | null;
  readonly timestampType?: TimestampType;
  readonly headers?: Headers;
  /** Where Kafka holds the record, when a transform has changed the topic or the partition. */
  readonly originalTopic?: string;
  readonly originalPartition?: number;
  readonly originalOffset?: number;
}

const brand = brandOf('sink-record');

/** A record on its way from Kafka. Nobody changes one that another has seen: {@link SinkRecord.with} makes the next. */
export class SinkRecord {
  static {
    brand.mark(SinkRecord);
  }

  readonly topic: string;
  readonly partition: number | null;
  readonly keySchema: Schema | null;
  readonly key: unknown;
  readonly valueSchema: Schema | null;
  readonly value: unknown;
  readonly timestamp: number | null;
  readonly headers: Headers;
  readonly offset: number;
  readonly timestampType: TimestampType;
  readonly originalTopic: string;
  readonly originalPartition: number;
  readonly originalOffset: number;

  constructor(init: SinkRecordInit) {
    this.topic = init.topic;
    this.partition = init.partition;
    this.keySchema = init.keySchema ?? null;
    this.key = init.key ?? null;
    this.valueSchema = init.valueSchema ?? null;
    this.value = init.value ?? null;
    this.timestamp = init.timestamp ?? null;
    this.headers = init.headers ?? Headers.empty;
    this.offset = init.offset;
    this.timestampType = init.timestampType ?? 'none';
    this.originalTopic = init.originalTopic ?? init.topic;
    this.originalPartition = init.originalPartition ?? init.partition ?? 0;
    this.originalOffset = init.originalOffset ?? init.offset;
  }

  static isInstance(value: unknown): value is SinkRecord {
    return brand.isOn(value);
  }

  /** The same record but for these parts; what did not change is shared, not copied. */
  with(changes: RecordChanges): SinkRecord {
    return new SinkRecord({
      topic: changes.topic ?? this.topic,
      partition: changes.partition === undefined ? this.partition : changes.partition,
      keySchema: changes.keySchema === undefined ? this.keySchema : changes.keySchema,
      key: changes.key === undefined ? this.key : changes.key,
      valueSchema: changes.valueSchema === undefined ? this.valueSchema : changes.valueSchema,
      value: changes.value === undefined ? this.value : changes.value,
      timestamp: changes.timestamp === undefined ? this.timestamp : changes.timestamp,
      headers: changes.headers ?? this.headers,
      offset: this.offset,
      timestampType: this.timestampType,
      originalTopic: this.originalTopic,
      originalPartition: this.originalPartition,
      originalOffset: this.originalOffset,
    });
  }
}
