import type { RecordBatchWriter } from '@millrace/protocol';
import type { KafkaError } from '../errors.ts';
import type { Delivery, DeliveryTarget, TopicPartition } from '../port.ts';

interface Run {
  readonly target: DeliveryTarget;
  readonly start: number;
  count: number;
}

/**
 * - `open`: records are appended; `ready`: full or due, not sent yet;
 * - `inFlight`: sent; `waiting`: to be sent again, with the sequence it has.
 */
export type BatchState = 'open' | 'ready' | 'inFlight' | 'waiting' | 'done';

/** A record batch on its way from the first record to the acknowledgement. */
export class Batch {
  state: BatchState = 'open';
  /** Until it is first sent; then `bytes`. */
  writer: RecordBatchWriter | undefined;
  bytes: Buffer | undefined;
  count = 0;
  /** What it takes of the producer's memory. */
  size = 0;
  readonly createdAt: number;
  sequence = -1;
  /** Of the producer, as it stands in `bytes`. */
  epoch = -1;
  attempts = 0;
  retryAt = 0;
  /** Whether the broker may have appended it although nobody knows. */
  uncertain = false;
  readonly tokens: number[] = [];
  readonly #runs: Run[] = [];

  constructor(writer: RecordBatchWriter | undefined, createdAt: number) {
    this.writer = writer;
    this.createdAt = createdAt;
  }

  /** Counts a record that the writer has completed. */
  add(target: DeliveryTarget | undefined, token: number): void {
    const index = this.count++;
    if (target === undefined) return;
    while (this.tokens.length < index) this.tokens.push(0);
    this.tokens.push(token);
    const last = this.#runs.at(-1);
    if (last !== undefined && last.target === target && last.start + last.count === index) last.count++;
    else this.#runs.push({ target, start: index, count: 1 });
  }

  /** Gives the records from `first` on to another batch, when this one is split. */
  copyTo(other: Batch, first: number, count: number): void {
    let run = 0;
    for (let index = first; index < first + count; index++) {
      while (run < this.#runs.length && index >= this.#runs[run]!.start + this.#runs[run]!.count) run++;
      const found = this.#runs[run];
      other.add(found !== undefined && index >= found.start ? found.target : undefined, this.tokens[index] ?? 0);
    }
  }

  /** Tells everybody; an exception of one does not keep it from the next. */
  settle(
    place: TopicPartition,
    result: { baseOffset: number; timestamp: number } | KafkaError,
    report: (error: unknown) => void,
  ): void {
    this.state = 'done';
    const { topic, partition } = place;
    const { tokens } = this;
    for (const { target, start, count } of this.#runs) {
      try {
        if (result instanceof Error) {
          target.failed({ topic, partition, baseOffset: -1, timestamp: -1, start, count, tokens }, result);
        } else {
          const delivery: Delivery = { topic, partition, ...result, start, count, tokens };
          target.acknowledged(delivery);
        }
      } catch (error) {
        report(error);
      }
    }
  }
}
