import type { RecordMetadata, SourceRecord } from '@millrace/api';
import type { Delivery, KafkaError } from '@millrace/kafka';
import type { AppendTarget } from './record-appender.ts';

/** Who hears what becomes of a part. */
export interface PartOwner {
  /** Whether the task wants to know where its records are. */
  readonly wantsMetadata: boolean;
  acknowledged(count: number): void;
  failed(error: KafkaError): void;
}

/** The records of one poll that are in one transaction. */
export class TransactionPart implements AppendTarget {
  readonly records: readonly SourceRecord[];
  readonly polledAt: number;
  weight = 0;
  readonly #start: number;
  readonly #end: number;
  readonly #owner: PartOwner;
  #metadata: (RecordMetadata | null)[] = [];

  constructor(records: readonly SourceRecord[], polledAt: number, start: number, end: number, owner: PartOwner) {
    this.records = records;
    this.polledAt = polledAt;
    this.#start = start;
    this.#end = end;
    this.#owner = owner;
    if (owner.wantsMetadata) this.aborted();
  }

  /** Those of the poll that belong to this part. */
  get own(): readonly SourceRecord[] {
    const isAll = this.#start === 0 && this.#end === this.records.length;
    return isAll ? this.records : this.records.slice(this.#start, this.#end);
  }

  /** Where each of its own records is; `null` where it was dropped. */
  get metadata(): readonly (RecordMetadata | null)[] {
    return this.#metadata;
  }

  dropped(): void {}

  acknowledged({ topic, partition, baseOffset, timestamp, start, count, tokens }: Delivery): void {
    this.#owner.acknowledged(count);
    if (!this.#owner.wantsMetadata) return;
    for (let index = start; index < start + count; index++) {
      const token = tokens[index] as number;
      this.#metadata[token - this.#start] = {
        topic,
        partition,
        offset: baseOffset < 0 ? -1 : baseOffset + index,
        timestamp: timestamp < 0 ? (this.records[token]?.timestamp ?? this.polledAt) : timestamp,
      };
    }
  }

  failed(_delivery: Delivery, error: KafkaError): void {
    this.#owner.failed(error);
  }

  /** Nobody will see the records. */
  aborted(): void {
    this.#metadata = Array.from({ length: this.#end - this.#start }, () => null);
  }
}
