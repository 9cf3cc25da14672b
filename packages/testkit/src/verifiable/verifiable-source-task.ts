import {
  Schema,
  SourceRecord,
  type SourceTask,
  type SourceTaskContext,
  sleep,
  type TransactionContext,
} from '@millrace/api';
import type { VerifiableOffset, VerifiablePartition, VerifiableSourceConfig } from './config.ts';

type Context = SourceTaskContext<VerifiableSourceConfig, VerifiablePartition, VerifiableOffset>;
type NumberRecord = SourceRecord<VerifiablePartition, VerifiableOffset>;

/** How long a poll waits when there is no number to give. */
const pauseMs = 100;

/**
 * Goes on behind the stored number.
 *
 * @param count how many numbers there are; asked with each poll
 */
export async function open(
  context: Context,
  count: () => number = () => context.config.count ?? Number.MAX_SAFE_INTEGER,
): Promise<SourceTask<VerifiablePartition, VerifiableOffset>> {
  const partition = context.offsets.partition({ id: context.config.id });
  const stored = await context.offsets.get(partition);
  return new VerifiableSourceTask(context, partition, stored === undefined ? 0 : Number(stored.seqno) + 1, count);
}

class VerifiableSourceTask implements SourceTask<VerifiablePartition, VerifiableOffset> {
  readonly #context: Context;
  readonly #partition: VerifiablePartition;
  readonly #count: () => number;
  readonly #pace: Pace;
  readonly #transactions: Transactions | undefined;
  #next: number;

  constructor(context: Context, partition: VerifiablePartition, next: number, count: () => number) {
    const { config, transaction } = context;
    this.#context = context;
    this.#partition = partition;
    this.#next = next;
    this.#count = count;
    this.#pace = new Pace(config.throughput);
    this.#transactions = transaction === undefined ? undefined : new Transactions(transaction, config, next);
  }

  async poll(): Promise<readonly NumberRecord[] | null> {
    const { config, signal } = this.#context;
    const due = Math.min(config.batchSize, this.#count() - this.#next, this.#pace.due());
    if (due <= 0) {
      // The runtime has aborted its signal: there is nothing more to wait for.
      await sleep(Math.min(pauseMs, this.#pace.waitMs()), signal).catch(() => undefined);
      return null;
    }
    const records: NumberRecord[] = [];
    for (let given = 0; given < due; given++) {
      const record = this.#record(this.#next++);
      records.push(record);
      this.#next = this.#transactions?.given(record, this.#next) ?? this.#next;
    }
    this.#pace.given(records.length);
    return records;
  }

  #record(number: number): NumberRecord {
    const { topic, id, valueBytes } = this.#context.config;
    return new SourceRecord<VerifiablePartition, VerifiableOffset>({
      topic,
      keySchema: Schema.int32,
      key: id,
      valueSchema: valueBytes === null ? Schema.int64 : Schema.string,
      value: valueBytes === null ? BigInt(number) : String(number).padStart(valueBytes, '.'),
      sourcePartition: this.#partition,
      sourceOffset: { seqno: BigInt(number) },
    });
  }
}

/** How many records are due by now. */
class Pace {
  readonly #throughput: number;
  readonly #start = performance.now();
  #given = 0;

  constructor(throughput: number) {
    this.#throughput = throughput;
  }

  due(): number {
    if (this.#throughput < 0) return Number.POSITIVE_INFINITY;
    return Math.floor(((performance.now() - this.#start) * this.#throughput) / 1000) - this.#given;
  }

  waitMs(): number {
    if (this.#throughput <= 0) return Number.POSITIVE_INFINITY;
    return Math.max(1, ((this.#given + 1) * 1000) / this.#throughput - (performance.now() - this.#start));
  }

  given(count: number): void {
    this.#given += count;
  }
}

/** Ends a transaction after so many records; one that is aborted is followed by the same numbers again. */
class Transactions {
  readonly #context: TransactionContext;
  readonly #records: number;
  readonly #abortEvery: number;
  #start: number;
  #count = 0;

  constructor(context: TransactionContext, config: VerifiableSourceConfig, start: number) {
    this.#context = context;
    this.#records = config.transactionRecords ?? 1;
    this.#abortEvery = config.abortEvery ?? Number.POSITIVE_INFINITY;
    this.#start = start;
  }

  /** @returns the number to go on with */
  given(record: NumberRecord, next: number): number {
    if (next - this.#start < this.#records) return next;
    this.#count++;
    // The context's records are those of any source.
    const last = record as unknown as SourceRecord;
    if (this.#count % this.#abortEvery === 0) {
      this.#context.abortRecord(last);
      return this.#start;
    }
    this.#context.commitRecord(last);
    this.#start = next;
    return next;
  }
}
