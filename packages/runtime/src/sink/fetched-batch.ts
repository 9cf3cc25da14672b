import { MillraceError, type TimestampType } from '@millrace/api';
import type { FetchedRecords } from '@millrace/kafka';
import type { RawRecord } from '../errors/task-errors.ts';
import type { SinkPartition } from './sink-partitions.ts';

/** Records of one partition, one after another in the batch. */
export interface PartitionRun {
  readonly partition: SinkPartition;
  readonly start: number;
  readonly end: number;
  /** The offset to go on from once these are delivered. */
  readonly next: number;
}

export interface BatchLimits {
  readonly records: number;
  /** Reading stops at the record that reaches it. */
  readonly bytes: number;
}

/**
 * What was fetched for one put: where each record's parts lie in the fetched bytes, as columns that are filled anew for
 * each batch. Records are decoded from it; dead letters and reports find the original bytes in it.
 */
export class FetchedBatch {
  length = 0;
  readonly runs: PartitionRun[] = [];
  /** What the ranges of a record refer to. */
  readonly buffers: Buffer[] = [];
  offsets: Float64Array = new Float64Array(0);
  timestamps: Float64Array = new Float64Array(0);
  logAppend: Uint8Array = new Uint8Array(0);
  /** -1 where the record has no key. */
  keyStart: Int32Array = new Int32Array(0);
  keyEnd: Int32Array = new Int32Array(0);
  /** -1 where the record has no value. */
  valueStart: Int32Array = new Int32Array(0);
  valueEnd: Int32Array = new Int32Array(0);
  /** Where a record's headers begin in `headers`; they end where those of the next begin. */
  headerStart: Int32Array = new Int32Array(1);
  /** Four numbers a header: start and end of its name, start and end of its value, -1 for none. */
  readonly headers: number[] = [];
  #bytes = 0;

  /** Lets go of the fetched bytes. */
  clear(): void {
    this.length = 0;
    this.#bytes = 0;
    this.runs.length = 0;
    this.buffers.length = 0;
    this.headers.length = 0;
  }

  isFull(limits: BatchLimits): boolean {
    return this.length >= limits.records || this.#bytes >= limits.bytes;
  }

  /** Takes records of a partition up to the limits. `position` tells where the cursor stands afterwards. */
  read(
    fetched: FetchedRecords,
    partition: SinkPartition,
    limits: BatchLimits,
    position: () => number | undefined,
  ): void {
    const start = this.length;
    try {
      while (!this.isFull(limits) && fetched.next()) this.#append(fetched);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new MillraceError(`The records of ${partition.key} cannot be read: ${reason}`, { cause: error });
    }
    const end = this.length;
    const next = position() ?? (end > start ? (this.offsets[end - 1] as number) + 1 : partition.position);
    if (next !== undefined) this.runs.push({ partition, start, end, next });
  }

  timestamp(index: number): number | null {
    const timestamp = this.timestamps[index] as number;
    return timestamp < 0 ? null : timestamp;
  }

  timestampType(index: number): TimestampType {
    return this.logAppend[index] === 1 ? 'log-append' : 'create';
  }

  /** Where that record stands, -1 when it is not in the batch. */
  find(topic: string, partition: number, offset: number): number {
    const run = this.runs.find(({ partition: { id } }) => id.partition === partition && id.topic === topic);
    if (run === undefined) return -1;
    let low = run.start;
    let high = run.end - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.offsets[middle] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return low < run.end && this.offsets[low] === offset ? low : -1;
  }

  /** A copy of that record as Kafka holds it. */
  rawRecord(index: number): RawRecord {
    const { id } = this.runOf(index).partition;
    const headers: { readonly name: string; readonly value: Uint8Array | null }[] = [];
    const end = this.headerStart[index + 1] as number;
    for (let at = this.headerStart[index] as number; at < end; at += 4) {
      const [nameStart, nameEnd, valueStart, valueEnd] = this.headers.slice(at, at + 4) as [
        number,
        number,
        number,
        number,
      ];
      const name = (this.buffers[index] as Buffer).toString('utf8', nameStart, nameEnd);
      headers.push({ name, value: this.#copy(index, valueStart, valueEnd) });
    }
    return {
      topic: id.topic,
      partition: id.partition,
      offset: this.offsets[index] as number,
      timestamp: this.timestamps[index] as number,
      key: this.#copy(index, this.keyStart[index] as number, this.keyEnd[index] as number),
      value: this.#copy(index, this.valueStart[index] as number, this.valueEnd[index] as number),
      headers,
    };
  }

  runOf(index: number): PartitionRun {
    return this.runs.find(({ start, end }) => index >= start && index < end) as PartitionRun;
  }

  #append({ record }: FetchedRecords): void {
    const index = this.length;
    if (index === this.offsets.length) this.#grow();
    this.buffers.push(record.buffer);
    this.offsets[index] = record.offset;
    this.timestamps[index] = record.timestamp;
    this.logAppend[index] = record.timestampType === 'logAppend' ? 1 : 0;
    this.keyStart[index] = record.keyStart;
    this.keyEnd[index] = record.keyEnd;
    this.valueStart[index] = record.valueStart;
    this.valueEnd[index] = record.valueEnd;
    this.headerStart[index] = this.headers.length;
    this.#bytes += record.keyEnd - record.keyStart + record.valueEnd - record.valueStart;
    if (record.headerCount > 0) {
      while (record.nextHeader()) {
        const { headerNameStart, headerNameEnd, headerValueStart, headerValueEnd } = record;
        this.headers.push(headerNameStart, headerNameEnd, headerValueStart, headerValueEnd);
        this.#bytes += headerValueEnd - headerNameStart;
      }
    }
    this.headerStart[index + 1] = this.headers.length;
    this.length = index + 1;
  }

  #grow(): void {
    const size = Math.max(512, this.length * 2);
    this.offsets = grown(this.offsets, new Float64Array(size));
    this.timestamps = grown(this.timestamps, new Float64Array(size));
    this.logAppend = grown(this.logAppend, new Uint8Array(size));
    this.keyStart = grown(this.keyStart, new Int32Array(size));
    this.keyEnd = grown(this.keyEnd, new Int32Array(size));
    this.valueStart = grown(this.valueStart, new Int32Array(size));
    this.valueEnd = grown(this.valueEnd, new Int32Array(size));
    this.headerStart = grown(this.headerStart, new Int32Array(size + 1));
  }

  #copy(index: number, start: number, end: number): Uint8Array | null {
    return start < 0 ? null : Uint8Array.prototype.slice.call(this.buffers[index], start, end);
  }
}

function grown<A extends Float64Array | Int32Array | Uint8Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
