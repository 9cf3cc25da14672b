import type { OffsetMap, RecordMetadata, SourceRecord } from '@millrace/api';
import type { Delivery, KafkaError } from '@millrace/kafka';
import type { OffsetTracker } from './offset-tracker.ts';
import type { AppendTarget } from './record-appender.ts';
import type { Stretch } from './source-partition.ts';
import type { SourcePartitions } from './source-partitions.ts';

/** Who hears what becomes of a batch. */
export interface BatchOwner {
  readonly tracker: OffsetTracker;
  readonly partitions: SourcePartitions;
  /** Whether the task wants to know where its records are. */
  readonly wantsMetadata: boolean;
  /** Whether dead letters are on their way: what is dropped waits for them. */
  readonly hasPendingLetters: boolean;
  /** The batch holds dropped records that wait for dead letters, see {@link PolledBatch.takeBehindLetters}. */
  waitsForLetters(batch: PolledBatch): void;
  acknowledged(count: number): void;
  /** So many records are done with, acknowledged or dropped. */
  settled(count: number): void;
  /** These records were not delivered; they stay outstanding until they are dropped. */
  failed(batch: PolledBatch, delivery: Delivery, error: KafkaError): void;
  /** Every record is done with. */
  done(batch: PolledBatch): void;
}

/**
 * The records of one poll until each of them is acknowledged or dropped. The tokens of deliveries are places in it, so that no
 * record needs an object of its own.
 */
export class PolledBatch implements AppendTarget {
  readonly records: readonly SourceRecord[];
  /** Where the records are; `null` for those that were dropped. */
  readonly metadata: (RecordMetadata | null)[];
  /** Bytes appended. */
  weight = 0;
  /** Bytes that count as held back until the task was told of the batch. */
  held = 0;
  isReleased = false;
  /** The time of records without one. */
  readonly polledAt: number;
  outstanding: number;
  readonly #owner: BatchOwner;
  #behindLetters: number[] = [];
  /** One where all records come from one partition, else one for each record. */
  #stretches: Stretch | undefined | (Stretch | undefined)[];

  constructor(records: readonly SourceRecord[], polledAt: number, owner: BatchOwner) {
    this.records = records;
    this.polledAt = polledAt;
    this.outstanding = records.length;
    this.metadata = owner.wantsMetadata ? Array.from(records, () => null) : [];
    this.#owner = owner;
    this.#stretches = this.#enqueue();
  }

  acknowledged(delivery: Delivery): void {
    const { start, count, tokens } = delivery;
    if (this.#owner.wantsMetadata) this.#remember(delivery);
    this.#owner.acknowledged(count);
    if (!Array.isArray(this.#stretches)) {
      this.#settle(this.#stretches, count);
      return;
    }
    for (let index = start; index < start + count; index++) this.#settle(this.#stretches[tokens[index] as number], 1);
  }

  failed(delivery: Delivery, error: KafkaError): void {
    this.#owner.failed(this, delivery, error);
  }

  /** The record at that place takes its turn as if it were acknowledged; after its dead letter, where it has one. */
  dropped(index: number): void {
    if (this.#owner.hasPendingLetters) {
      this.#behindLetters.push(index);
      this.#owner.waitsForLetters(this);
    } else {
      this.#settleAt(index);
    }
  }

  /** The dropped records that wait for dead letters; they are taken, and settled once the letters are written. */
  takeBehindLetters(): readonly number[] {
    const dropped = this.#behindLetters;
    this.#behindLetters = [];
    return dropped;
  }

  lettersWritten(dropped: readonly number[]): void {
    for (const index of dropped) this.#settleAt(index);
  }

  /**
   * Records from `end` on are never sent. In each partition whose records before it are all settled, the offset of the last of
   * those counts, so that they are not read again.
   */
  cut(end: number): void {
    const unsent = new Map<Stretch, number>();
    for (let index = end; index < this.records.length; index++) {
      const stretch = this.#stretchAt(index);
      if (stretch !== undefined) unsent.set(stretch, (unsent.get(stretch) ?? 0) + 1);
    }
    for (let index = end - 1; index >= 0; index--) {
      const stretch = this.#stretchAt(index);
      if (stretch === undefined || stretch.outstanding !== unsent.get(stretch)) continue;
      unsent.delete(stretch);
      stretch.offset = (this.records[index] as SourceRecord).sourceOffset;
      this.#owner.tracker.done(stretch, stretch.outstanding);
    }
  }

  #settleAt(index: number): void {
    this.#settle(this.#stretchAt(index), 1);
  }

  #stretchAt(index: number): Stretch | undefined {
    return Array.isArray(this.#stretches) ? this.#stretches[index] : this.#stretches;
  }

  #settle(stretch: Stretch | undefined, count: number): void {
    if (stretch !== undefined) this.#owner.tracker.done(stretch, count);
    this.#owner.settled(count);
    this.outstanding -= count;
    if (this.outstanding === 0) this.#owner.done(this);
  }

  #enqueue(): Stretch | undefined | (Stretch | undefined)[] {
    const { records } = this;
    const { tracker, partitions } = this.#owner;
    let each: (Stretch | undefined)[] | undefined;
    let partition: OffsetMap | null = null;
    let stretch: Stretch | undefined;
    for (let index = 0; index < records.length; index++) {
      const record = records[index] as SourceRecord;
      const before = stretch;
      if (record.sourcePartition !== partition) {
        partition = record.sourcePartition;
        stretch = partition === null ? undefined : tracker.stretch(partitions.find(partition), this);
      }
      if (stretch !== before && index > 0) each ??= Array.from({ length: index }, () => before);
      each?.push(stretch);
      if (stretch !== undefined) {
        stretch.outstanding++;
        stretch.offset = record.sourceOffset;
      }
    }
    return each ?? stretch;
  }

  #remember({ topic, partition, baseOffset, timestamp, start, count, tokens }: Delivery): void {
    for (let index = start; index < start + count; index++) {
      const token = tokens[index] as number;
      this.metadata[token] = {
        topic,
        partition,
        offset: baseOffset < 0 ? -1 : baseOffset + index,
        timestamp: timestamp < 0 ? (this.records[token]?.timestamp ?? this.polledAt) : timestamp,
      };
    }
  }
}
