import { RecordBatchWriter } from '@millrace/protocol';
import { KafkaError } from '../errors.ts';
import { Batch } from './batch.ts';
import { PartitionQueue } from './partition-queue.ts';

export interface AccumulatorLimits {
  readonly batchSize: number;
  readonly lingerMs: number;
  readonly bufferMemory: number;
  readonly maxRequestSize: number;
}

export interface AccumulatorOptions {
  readonly limits: AccumulatorLimits;
  readonly now: () => number;
  /** Throws where records cannot be taken, for instance after fencing. */
  readonly check: () => void;
  /** Something can be sent. */
  readonly onReady: () => void;
  /** A batch was opened that is due by itself after `linger.ms`. */
  readonly onOpened: () => void;
  /** The first sequence of each partition; only tests begin anywhere but at 0. */
  readonly firstSequence?: number;
}

const writersKept = 64;
/** Without batches that are on their way. */
const buffersKept = 64;
/** A writer asks for more room than a record takes in the end. */
const writerSlack = 512;
const largestFirstBuffer = 65_536;

/** Records of all partitions, on their way into batches. Without I/O; time is passed in. */
export class Accumulator {
  readonly limits: AccumulatorLimits;
  /** Partitions with something to send, or to send again. */
  readonly sendable: Set<PartitionQueue> = new Set();
  readonly #options: AccumulatorOptions;
  readonly #queues = new Map<string, PartitionQueue[]>();
  /** Partitions with an open batch, the oldest batch first. */
  readonly #lingering = new Set<PartitionQueue>();
  readonly #incomplete = new Set<Batch>();
  readonly #writers: RecordBatchWriter[] = [];
  readonly #buffers: Buffer[] = [];
  #buffersBytes = 0;
  readonly #bufferBytes: number;
  #memory = 0;
  #holds = false;

  constructor(options: AccumulatorOptions) {
    this.limits = options.limits;
    this.#options = options;
    this.#bufferBytes = Math.min(options.limits.batchSize, largestFirstBuffer) + writerSlack;
  }

  get memory(): number {
    return this.#memory;
  }

  get hasRoom(): boolean {
    return this.#memory < this.limits.bufferMemory;
  }

  /** Batches that are neither acknowledged nor failed. */
  get incomplete(): ReadonlySet<Batch> {
    return this.#incomplete;
  }

  queue(topic: string, partition: number): PartitionQueue {
    let queues = this.#queues.get(topic);
    if (queues === undefined) {
      queues = [];
      this.#queues.set(topic, queues);
    }
    const known = queues[partition];
    if (known !== undefined) return known;
    const queue = new PartitionQueue(topic, partition, this, this.#options.firstSequence ?? 0);
    queues[partition] = queue;
    return queue;
  }

  *queues(): Generator<PartitionQueue> {
    for (const queues of this.#queues.values()) for (const queue of queues) if (queue !== undefined) yield queue;
  }

  /** When the next open batch is due; `undefined` where none is open, or none may be sent. */
  nextDue(): number | undefined {
    if (this.#holds) return undefined;
    for (const queue of this.#lingering) return queue.open!.createdAt + this.limits.lingerMs;
    return undefined;
  }

  /** Makes every open batch ready that is due. */
  closeDue(now: number): void {
    if (this.#holds) return;
    for (const queue of this.#lingering) {
      if (queue.open!.createdAt + this.limits.lingerMs > now) return;
      queue.close();
    }
  }

  closeAll(): void {
    for (const queue of this.#lingering) queue.close();
  }

  /** Everything so far is ready; what is appended from now on is held, whatever makes its batch close. */
  hold(): void {
    this.closeAll();
    this.#holds = true;
  }

  /** What was held may be sent. */
  letGo(): void {
    this.#holds = false;
    for (const queue of this.queues()) {
      for (const batch of queue.held.splice(0)) this.#becameReady(queue, batch);
    }
    // Open batches may be due.
    if (this.#lingering.size > 0) this.#options.onReady();
  }

  /** A batch that is settled gives its memory back. */
  release(batch: Batch): void {
    this.#incomplete.delete(batch);
    this.#memory -= batch.size;
    batch.size = 0;
    const { bytes, writer } = batch;
    if (writer !== undefined) this.#keepWriter(writer);
    // After a resend an earlier connection may still hold on to the bytes.
    if (bytes !== undefined && batch.attempts === 1) this.#keepBuffer(bytes);
    batch.bytes = undefined;
    batch.writer = undefined;
    if (this.#incomplete.size === 0) while (this.#buffers.length > buffersKept) this.#takeBuffer();
  }

  /** The writer of a batch whose bytes are finished. */
  finished(batch: Batch, bytes: Buffer): void {
    const { writer } = batch;
    batch.writer = undefined;
    batch.bytes = bytes;
    this.#memory += bytes.length - batch.size;
    batch.size = bytes.length;
    if (writer !== undefined) this.#keepWriter(writer);
  }

  /** Takes in the parts of a batch that was split. */
  admit(batch: Batch): void {
    this.#incomplete.add(batch);
    batch.size = batch.bytes?.length ?? 0;
    this.#memory += batch.size;
  }

  /** For the queues. @internal */
  openBatch(queue: PartitionQueue): Batch {
    this.#options.check();
    if (!this.hasRoom) {
      throw new KafkaError('BUFFER_EXHAUSTED', `The producer's buffer.memory (${this.limits.bufferMemory}) is used up`);
    }
    const writer = this.#writers.pop() ?? new RecordBatchWriter();
    writer.begin(writer.buffer.length === 0 ? this.#takeBuffer() : undefined);
    const batch = new Batch(writer, this.#options.now());
    this.#incomplete.add(batch);
    this.#lingering.add(queue);
    if (this.#lingering.size === 1) this.#options.onOpened();
    return batch;
  }

  /** For the queues. @internal */
  grew(batch: Batch, size: number): void {
    this.#memory += size - batch.size;
    batch.size = size;
  }

  /** For the queues. @internal */
  closed(queue: PartitionQueue, batch: Batch): void {
    this.#lingering.delete(queue);
    if (this.#holds) queue.held.push(batch);
    else this.#becameReady(queue, batch);
  }

  /** For the queues: the open batch has no record. @internal */
  discard(queue: PartitionQueue, batch: Batch): void {
    this.#lingering.delete(queue);
    this.release(batch);
  }

  #becameReady(queue: PartitionQueue, batch: Batch): void {
    queue.ready.push(batch);
    this.sendable.add(queue);
    this.#options.onReady();
  }

  #keepWriter(writer: RecordBatchWriter): void {
    if (this.#writers.length < writersKept && writer.buffer.length <= 4 * this.limits.batchSize)
      this.#writers.push(writer);
  }

  #takeBuffer(): Buffer {
    const buffer = this.#buffers.pop();
    if (buffer === undefined) return Buffer.allocUnsafeSlow(this.#bufferBytes);
    this.#buffersBytes -= buffer.length;
    return buffer;
  }

  /** What is kept and what is used are together no more than `buffer.memory`: under load no buffer becomes garbage. */
  #keepBuffer(bytes: Buffer): void {
    const whole = Buffer.from(bytes.buffer);
    const { length } = whole;
    if (length < this.#bufferBytes || length > 4 * this.#bufferBytes) return;
    if (this.#buffersBytes + this.#memory > this.limits.bufferMemory) return;
    this.#buffersBytes += length;
    this.#buffers.push(whole);
  }
}
