import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ByteWriter, createByteWriter, DataError, type Logger, type SourceRecord } from '@millrace/api';
import type { DeliveryTarget, PartitionAppender, Producer } from '@millrace/kafka';
import { classAt } from '../errors/class-at.ts';
import type { ErrorStage } from '../errors/task-errors.ts';
import type { TaskParts } from '../task/task-runner.ts';
import type { TaskSpec } from '../task/task-spec.ts';
import { untilDone, withRetries } from '../task/with-retries.ts';
import type { RecordFailures } from './record-failures.ts';
import type { TargetTopics } from './target-topics.ts';

/** Hears what becomes of the records of a batch, by their places in it. */
export interface AppendTarget extends DeliveryTarget {
  readonly records: readonly SourceRecord[];
  /** The time of records without one. */
  readonly polledAt: number;
  /** Bytes appended. */
  weight: number;
  /** The record is not written. */
  dropped(index: number): void;
}

/** A batch whose converters have waited for what they need. */
export interface PreparedBatch {
  readonly records: readonly (SourceRecord | null)[];
  readonly keyContext: unknown;
  readonly valueContext: unknown;
}

export interface RecordAppenderOptions {
  readonly spec: TaskSpec;
  readonly parts: TaskParts;
  readonly producer: Producer;
  readonly topics: TargetTopics;
  readonly failures: RecordFailures;
  readonly log: Logger;
  /** Ends every wait, with its own reason. */
  readonly signal: AbortSignal;
  /** Called after each wait, before more is appended. */
  readonly check: () => Promise<void>;
}

/** Why appending has come to a halt. */
type Halt = 'end' | 'room' | 'topic' | 'failed';

/** After so many records the sockets get their turn. */
const recordsPerTurn = 2048;

/** Encodes records straight into the batches of the producer: no promise, closure or copy for a record. */
export class RecordAppender {
  readonly #options: RecordAppenderOptions;
  /** For keys that decide the partition, which is where they are written to. */
  readonly #scratch = createByteWriter();
  // Where appending has halted, and at what.
  #index = 0;
  #stage: ErrorStage | undefined;
  #error: unknown;

  constructor(options: RecordAppenderOptions) {
    this.#options = options;
  }

  /** Where appending has come to: records before it are appended or dropped, none from it on is. */
  get reached(): number {
    return this.#index;
  }

  async prepare(records: readonly (SourceRecord | null)[]): Promise<PreparedBatch> {
    const { keyConverter, valueConverter } = this.#options.parts;
    if (keyConverter.prepareEncode === undefined && valueConverter.prepareEncode === undefined) {
      return { records, keyContext: undefined, valueContext: undefined };
    }
    const { log, signal } = this.#options;
    const present = records.filter((record) => record !== null);
    const prepared = (what: string, converter: TaskParts['keyConverter']): Promise<unknown> =>
      withRetries(() => converter.prepareEncode?.(present), { what, log, signal });
    return {
      records,
      keyContext: await prepared('The key converter', keyConverter),
      valueContext: await prepared('The value converter', valueConverter),
    };
  }

  /** Appends the records from `start` up to `end`; each that is not written is `dropped`. */
  async append(batch: PreparedBatch, start: number, end: number, target: AppendTarget): Promise<void> {
    const { producer, topics, failures, spec, signal, check } = this.#options;
    this.#index = start;
    while (this.#index < end) {
      const halt = this.#advance(batch, Math.min(end, this.#index + recordsPerTurn), target);
      switch (halt) {
        case 'end':
          if (this.#index < end) await nextTurn();
          break;
        case 'room':
          await untilDone(
            () => producer.room(),
            () => producer.hasRoom,
            signal,
          );
          break;
        case 'topic':
          await topics.prepare((batch.records[this.#index] as SourceRecord).topic);
          break;
        case 'failed': {
          const stage = this.#stage;
          if (stage === undefined) throw this.#error;
          const record = target.records[this.#index] as SourceRecord;
          const decision = await failures.decide(record, stage, classAt(stage, spec), this.#error);
          if (decision === 'skip') target.dropped(this.#index++);
        }
      }
      if (halt !== 'end') await check();
    }
  }

  #advance({ records, keyContext, valueContext }: PreparedBatch, end: number, target: AppendTarget): Halt {
    const { producer, topics, parts } = this.#options;
    const { keyConverter, valueConverter } = parts;
    const scratch = this.#scratch;
    let index = this.#index;
    let stage: ErrorStage | undefined;
    let appender: PartitionAppender | undefined;
    let readyTopic = '';
    try {
      for (; index < end; index++) {
        const record = records[index] as SourceRecord | null;
        if (record === null) {
          target.dropped(index);
          continue;
        }
        const { topic } = record;
        const partitionCount = producer.partitionCount(topic);
        if (partitionCount === undefined || (topic !== readyTopic && !topics.isReady(topic)))
          return this.#halt('topic', index);
        readyTopic = topic;
        if (!producer.hasRoom) return this.#halt('room', index);

        stage = 'KAFKA_PRODUCE';
        const timestamp = timestampOf(record, target.polledAt);
        let partition = partitionOf(record, partitionCount);
        const keyDecides = partition < 0;
        let hasKey = false;
        if (keyDecides) {
          stage = 'KEY_CONVERTER';
          scratch.position = 0;
          hasKey = keyConverter.encode(topic, record.keySchema, record.key, scratch, keyContext);
          partition = producer.partitionFor(topic, hasKey ? scratch.buffer : null, 0, scratch.position);
        }

        stage = undefined;
        const chosen = producer.appender(topic, partition);
        const writer = chosen.begin(timestamp);
        appender = chosen;
        const before = writer.position;
        stage = 'KEY_CONVERTER';
        writer.beginKey();
        if (keyDecides) {
          if (hasKey) copyKey(scratch, writer);
          writer.endKey(hasKey);
        } else {
          writer.endKey(keyConverter.encode(topic, record.keySchema, record.key, writer, keyContext));
        }
        stage = 'VALUE_CONVERTER';
        writer.beginValue();
        writer.endValue(valueConverter.encode(topic, record.valueSchema, record.value, writer, valueContext));
        if (record.headers.size > 0) {
          stage = 'HEADER_CONVERTER';
          this.#writeHeaders(record, writer);
        }
        stage = 'KAFKA_PRODUCE';
        target.weight += writer.position - before;
        chosen.end(target, index);
        appender = undefined;
      }
      return this.#halt('end', index);
    } catch (error) {
      appender?.rollback();
      this.#stage = stage;
      this.#error = error;
      return this.#halt('failed', index);
    }
  }

  #writeHeaders({ topic, headers }: SourceRecord, writer: ReturnType<PartitionAppender['begin']>): void {
    const { headerConverter } = this.#options.parts;
    writer.headers(headers.size);
    for (const { key, schema, value } of headers) {
      writer.beginHeader(key);
      writer.endHeader(headerConverter.encode(topic, key, schema, value, writer));
    }
  }

  #halt(halt: Halt, index: number): Halt {
    this.#index = index;
    return halt;
  }
}

function copyKey({ buffer, position }: ByteWriter, writer: ByteWriter): void {
  writer.reserve(position);
  buffer.copy(writer.buffer, writer.position, 0, position);
  writer.position += position;
}

function timestampOf({ timestamp, topic }: SourceRecord, now: number): number {
  if (timestamp === null) return now;
  if (timestamp >= -1 && Number.isSafeInteger(timestamp)) return timestamp;
  throw new DataError(
    `A record for topic ${topic} has the timestamp ${timestamp}: it must be milliseconds since 1970, -1 for none, or null for now.`,
    { topic },
  );
}

/** -1 where the key decides, or the turn of records without one. */
function partitionOf({ partition, topic }: SourceRecord, count: number): number {
  if (partition === null) return count === 1 ? 0 : -1;
  if (partition >= 0 && partition < count && Number.isInteger(partition)) return partition;
  throw new DataError(
    `A record for topic ${topic} names partition ${partition}, and the topic has ${count} (from 0 to ${count - 1}). Correct the connector or a transform, or add partitions to the topic.`,
    { topic },
  );
}
