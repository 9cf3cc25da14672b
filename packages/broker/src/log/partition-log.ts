import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  encodeControlBatch,
  RecordBatchReader,
  readControlType,
  readCoordinatorEpoch,
  setBatchBaseOffset,
  setBatchLogAppendTime,
} from '@millrace/protocol';
import type { Clock } from '../clock.ts';
import { readJson, replaceFile, syncToDisk } from '../files.ts';
import { RequestError } from '../request-error.ts';
import type { TopicConfig } from '../topics/topic-config.ts';
import { type BatchInfo, isControlBatch, isTransactional, lastOffsetOf, readBatchInfo } from './batch-info.ts';
import type { OpenFiles } from './open-files.ts';
import { type AbortedRange, type ActiveProducer, type ProducerSnapshot, ProducerStates } from './producer-states.ts';
import { Segment, segmentName } from './segment.ts';
import { findSegments, finishSwaps } from './segment-files.ts';
import { storageError } from './storage.ts';

/** There is one broker, so partitions never change their leader. */
export const leaderEpoch = 0;

export interface PartitionLogOptions {
  readonly directory: string;
  /** `topic-0`, for messages. */
  readonly name: string;
  readonly config: () => TopicConfig;
  readonly files: OpenFiles;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  /** Whether every append is also written to the disk itself. Default: it has reached the operating system. */
  readonly fsync: boolean;
}

export interface Appended {
  readonly baseOffset: number;
  /** -1 unless the topic has the broker's time. */
  readonly logAppendTime: number;
}

export interface FoundOffset {
  readonly offset: number;
  readonly timestamp: number;
}

export interface Marker {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly coordinatorEpoch: number;
  readonly committed: boolean;
}

const producerExpirationMs = 24 * 3_600_000;

/**
 * The log of one partition: segments, of which the last one grows. It owns all their invariants, which is why it is this
 * long: offsets without gaps at the end, producers' sequences, open transactions, the start offset. File access is
 * synchronous (the page cache answers), so an append is one step that either happened or did not.
 */
export class PartitionLog {
  readonly #options: PartitionLogOptions;
  readonly #producers = new ProducerStates();
  readonly #waiting = new Set<(bytes: number) => void>();
  #segments: Segment[] = [];
  #startOffset = 0;
  #lastStableOffset = 0;
  #closed = false;
  /** Whether the last write failed. */
  #refused = false;

  private constructor(options: PartitionLogOptions) {
    this.#options = options;
  }

  /** Opens a log, or makes an empty one. What a crash left behind is put right. */
  static open(options: PartitionLogOptions): PartitionLog {
    const log = new PartitionLog(options);
    log.#recover();
    return log;
  }

  get name(): string {
    return this.#options.name;
  }

  get directory(): string {
    return this.#options.directory;
  }

  get config(): TopicConfig {
    return this.#options.config();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The first offset that can be read. */
  get startOffset(): number {
    return this.#startOffset;
  }

  /** The offset that the next record gets; also the high watermark. */
  get nextOffset(): number {
    return this.#active.nextOffset;
  }

  /** Where consumers with isolation `read_committed` have to stop. */
  get lastStableOffset(): number {
    return this.#lastStableOffset;
  }

  get size(): number {
    return this.#segments.reduce((bytes, segment) => bytes + segment.size, 0);
  }

  /** Segments that are complete, oldest first. */
  get sealed(): readonly Segment[] {
    return this.#segments.slice(0, -1);
  }

  /** Appends a batch that {@link validateProducedBatch} has passed. It is given its offset in place. */
  append(batch: Buffer, info: BatchInfo): Appended {
    const { config } = this;
    if (info.size > config.maxMessageBytes) {
      throw new RequestError(
        'MESSAGE_TOO_LARGE',
        `a batch of ${info.size} bytes for ${this.name}; max.message.bytes is ${config.maxMessageBytes}`,
      );
    }
    const logAppendTime = config.logAppendTime ? this.#options.clock.now() : -1;
    if (info.producerId >= 0) {
      const earlier = this.#producers.check(info);
      if (earlier !== undefined) {
        return { baseOffset: earlier.baseOffset, logAppendTime: config.logAppendTime ? earlier.timestamp : -1 };
      }
    }
    if (config.logAppendTime) setBatchLogAppendTime(batch, logAppendTime);
    else this.#checkTimestamps(info, config);
    if (config.compact) requireKeys(batch, this.name);
    const placed = this.#write(batch, config.logAppendTime ? { ...info, maxTimestamp: logAppendTime } : info);
    this.#producers.append(placed, placed.baseOffset);
    this.#advance(batch.length);
    return { baseOffset: placed.baseOffset, logAppendTime };
  }

  /** Appends the marker that ends a transaction. */
  appendMarker(marker: Marker): void {
    const timestamp = this.#options.clock.now();
    const { producerId, producerEpoch, coordinatorEpoch, committed } = marker;
    const type = committed ? 'commit' : 'abort';
    const batch = encodeControlBatch({ type, producerId, producerEpoch, coordinatorEpoch, timestamp });
    const info = readBatchInfo(batch, 0, batch.length);
    if (info === undefined) throw new Error('the marker of a transaction could not be encoded');
    const placed = this.#write(batch, info);
    this.#producers.end({ ...marker, offset: placed.baseOffset, timestamp });
    this.#advance(batch.length);
  }

  /** Whole batches from `offset` on and in front of `before`: at most `maxBytes`, or one batch if `atLeastOne`. */
  read(offset: number, before: number, maxBytes: number, atLeastOne: boolean): Buffer {
    for (let index = this.#segmentOf(offset); index < this.#segments.length; index++) {
      const segment = this.#segments[index]!;
      if (segment.nextOffset <= offset) continue;
      if (segment.baseOffset >= before) break;
      const bytes = this.#reading(() => segment.read(offset, before, maxBytes, atLeastOne));
      if (bytes.length > 0 || segment.nextOffset >= before) return bytes;
      if (!atLeastOne && segment.size > 0) return bytes;
    }
    return Buffer.alloc(0);
  }

  abortedIn(from: number, to: number): AbortedRange[] {
    return this.#producers.abortedIn(from, to);
  }

  activeProducers(): ActiveProducer[] {
    return this.#producers.active();
  }

  /** The first record with a timestamp of at least that. */
  findTime(timestamp: number): FoundOffset | undefined {
    for (const segment of this.#segments) {
      if (segment.maxTimestamp < timestamp || segment.nextOffset <= this.#startOffset) continue;
      const found = this.#findTimeIn(segment, timestamp);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The record with the largest timestamp. */
  findLargestTime(): FoundOffset | undefined {
    let largest: Segment | undefined;
    for (const segment of this.#segments) {
      if (segment.maxTimestamp > (largest?.maxTimestamp ?? -1)) largest = segment;
    }
    return largest === undefined ? undefined : this.#findTimeIn(largest, largest.maxTimestamp);
  }

  /** Makes that the first offset that can be read; segments in front of it are removed. */
  deleteBefore(offset: number): void {
    if (offset > this.nextOffset || offset < 0) {
      throw new RequestError('OFFSET_OUT_OF_RANGE', `${this.name} ends at ${this.nextOffset}; ${offset} is beyond it`);
    }
    if (offset <= this.#startOffset) return;
    this.#writing(() => replaceFile(this.#startPath, JSON.stringify({ startOffset: offset })));
    this.#startOffset = offset;
    while (this.#segments.length > 1 && this.#segments[1]!.baseOffset <= offset) this.#remove(this.#segments.shift()!);
    this.#updateLastStableOffset();
  }

  /** Removes what is too old or too much, and forgets producers that are long gone. */
  applyRetention(): void {
    const { config } = this;
    const now = this.#options.clock.now();
    if (this.#active.size > 0 && now - this.#active.createdAt >= config.segmentMs) this.#roll();
    if (config.delete) {
      if (config.retentionMs >= 0 && this.#active.size > 0 && this.#active.newestTime < now - config.retentionMs) {
        this.#roll();
      }
      let excess = config.retentionBytes < 0 ? 0 : this.size - config.retentionBytes;
      let keep = this.#startOffset;
      for (const segment of this.sealed) {
        const expired = config.retentionMs >= 0 && segment.newestTime < now - config.retentionMs;
        const surplus = excess >= segment.size && excess > 0;
        if (!expired && !surplus) break;
        if (segment.nextOffset > this.#lastStableOffset) break;
        excess -= segment.size;
        keep = segment.nextOffset;
      }
      this.deleteBefore(keep);
    }
    this.#producers.forget(now - producerExpirationMs, this.#startOffset);
  }

  /**
   * Puts a segment in the place of some that follow each other.
   * @param exchange - exchanges the files; not called, and `false` returned, when the segments are no longer there.
   */
  replaceSegments(replaced: readonly Segment[], exchange: () => Segment): boolean {
    const first = this.#segments.indexOf(replaced[0]!);
    if (first < 0 || replaced.some((segment, index) => this.#segments[first + index] !== segment)) return false;
    for (const segment of replaced) this.#options.files.close(segment.path);
    this.#segments.splice(first, replaced.length, exchange());
    return true;
  }

  /** Calls back with the size of what was appended, or 0 when the log has changed otherwise; returns how to stop it. */
  onChange(callback: (bytes: number) => void): () => void {
    this.#waiting.add(callback);
    return () => this.#waiting.delete(callback);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const segment of this.#segments) this.#options.files.close(segment.path);
    this.#notify(0);
  }

  get #active(): Segment {
    return this.#segments.at(-1)!;
  }

  get #startPath(): string {
    return join(this.directory, 'start.json');
  }

  #snapshotPath(offset: number): string {
    return join(this.directory, `${segmentName(offset)}.producers.json`);
  }

  /** Places a batch behind the last one. The log is unchanged when that fails. */
  #write(batch: Buffer, info: BatchInfo): BatchInfo {
    if (this.#closed) throw new RequestError('UNKNOWN_TOPIC_OR_PARTITION', `${this.name} has been deleted`);
    const active = this.#active;
    const { config } = this;
    return this.#writing(() => {
      const age = this.#options.clock.now() - active.createdAt;
      if (active.size > 0 && (active.size + batch.length > config.segmentBytes || age >= config.segmentMs))
        this.#roll();
      const placed = { ...info, baseOffset: this.nextOffset };
      setBatchBaseOffset(batch, placed.baseOffset, leaderEpoch);
      this.#active.append(batch, placed);
      if (this.#refused) this.#options.log(`${this.name}: the disk takes writes again`);
      this.#refused = false;
      if (this.#options.fsync) this.#active.sync();
      return placed;
    });
  }

  #advance(bytes: number): void {
    this.#updateLastStableOffset();
    this.#notify(bytes);
  }

  #notify(bytes: number): void {
    for (const callback of [...this.#waiting]) callback(bytes);
  }

  #updateLastStableOffset(): void {
    const open = this.#producers.firstOpenOffset();
    this.#lastStableOffset = open === undefined ? this.nextOffset : Math.max(open, this.#startOffset);
  }

  /** Completes the active segment and starts another. A crash between any two steps is put right by recovery. */
  #roll(): void {
    const complete = this.#active;
    if (this.#options.fsync) complete.sync();
    complete.writeSummary();
    const { nextOffset } = complete;
    replaceFile(this.#snapshotPath(nextOffset), JSON.stringify(this.#producers.snapshot()));
    const segment = this.#newSegment(nextOffset);
    this.#options.files.get(segment.path, true);
    if (this.#options.fsync) syncToDisk(this.directory);
    this.#segments.push(segment);
    this.#removeSnapshots((offset) => offset < nextOffset);
  }

  #newSegment(baseOffset: number): Segment {
    return new Segment(this.directory, baseOffset, this.#options.clock.now(), this.#options.files);
  }

  #remove(segment: Segment): void {
    this.#options.files.close(segment.path);
    rmSync(segment.path, { force: true });
    rmSync(segment.summaryPath, { force: true });
  }

  #removeSnapshots(obsolete: (offset: number) => boolean): void {
    for (const offset of this.#snapshots()) {
      if (obsolete(offset)) rmSync(this.#snapshotPath(offset), { force: true });
    }
  }

  #snapshots(): number[] {
    return readdirSync(this.directory)
      .map((name) => /^(\d{20})\.producers\.json$/.exec(name)?.[1])
      .filter((digits) => digits !== undefined)
      .map(Number);
  }

  #recover(): void {
    const { directory, files, log, name } = this.#options;
    mkdirSync(directory, { recursive: true });
    finishSwaps(directory);
    const start = readJson(this.#startPath) as { readonly startOffset: number } | undefined;
    const bases = findSegments(directory);
    if (bases.length === 0) bases.push(start?.startOffset ?? 0);
    const active = bases.at(-1)!;
    const snapshot = this.#restoreSnapshot(active);
    for (const base of bases) {
      const segment = this.#newSegment(base);
      files.get(segment.path, true);
      this.#segments.push(segment);
      const complete = base !== active;
      if (complete && base < snapshot && segment.restoreSummary()) continue;
      const cut = segment.recover((info, bytes, at) => {
        if (info.baseOffset >= snapshot) this.#replay(info, bytes, at);
        return true;
      });
      if (cut > 0)
        log(`${name}: ${cut} bytes behind offset ${segment.nextOffset} were incomplete and have been cut off`);
      if (complete) segment.writeSummary();
    }
    this.#startOffset = Math.max(start?.startOffset ?? 0, bases[0]!);
    this.#producers.forget(Number.NEGATIVE_INFINITY, this.#startOffset);
    this.#updateLastStableOffset();
    if (this.#options.fsync) syncToDisk(directory);
  }

  /** Loads what is known about producers as of the newest snapshot; batches from that offset on are to be replayed. */
  #restoreSnapshot(active: number): number {
    const newest = Math.max(...this.#snapshots().filter((offset) => offset <= active), -1);
    if (newest < 0) return 0;
    try {
      this.#producers.restore(readJson(this.#snapshotPath(newest)) as ProducerSnapshot);
      return newest;
    } catch {
      return 0;
    }
  }

  #replay(info: BatchInfo, bytes: Buffer, start: number): void {
    if (!isControlBatch(info)) {
      this.#producers.append(info, info.baseOffset);
      return;
    }
    if (!isTransactional(info)) return;
    const reader = new RecordBatchReader({ checksums: false });
    reader.reset(bytes, start, start + info.size);
    if (!reader.nextBatch() || !reader.next()) return;
    const type = readControlType(reader);
    if (type === 'other') return;
    this.#producers.end({
      producerId: info.producerId,
      producerEpoch: info.producerEpoch,
      coordinatorEpoch: readCoordinatorEpoch(reader),
      committed: type === 'commit',
      offset: info.baseOffset,
      timestamp: info.maxTimestamp,
    });
  }

  /** Index of the last segment that starts at or in front of that offset. */
  #segmentOf(offset: number): number {
    let index = this.#segments.length - 1;
    while (index > 0 && this.#segments[index]!.baseOffset > offset) index--;
    return index;
  }

  #findTimeIn(segment: Segment, timestamp: number): FoundOffset | undefined {
    let found: FoundOffset | undefined;
    segment.scan(segment.positionOfTime(timestamp), (info, bytes, start) => {
      if (info.maxTimestamp < timestamp || lastOffsetOf(info) < this.#startOffset || isControlBatch(info)) return true;
      const reader = new RecordBatchReader({ checksums: false });
      reader.reset(bytes, start, start + info.size);
      reader.nextBatch();
      while (found === undefined && reader.next()) {
        if (reader.timestamp >= timestamp && reader.offset >= this.#startOffset) {
          found = { offset: reader.offset, timestamp: reader.timestamp };
        }
      }
      return found === undefined;
    });
    return found;
  }

  #checkTimestamps({ baseTimestamp, maxTimestamp }: BatchInfo, config: TopicConfig): void {
    const now = this.#options.clock.now();
    const newest = now + config.timestampAfterMaxMs;
    const oldest = now - config.timestampBeforeMaxMs;
    if (maxTimestamp > newest || (maxTimestamp >= 0 && Math.min(baseTimestamp, maxTimestamp) < oldest)) {
      throw new RequestError(
        'INVALID_TIMESTAMP',
        `timestamps of ${baseTimestamp} to ${maxTimestamp} for ${this.name}; between ${oldest} and ${newest} are accepted`,
      );
    }
  }

  #writing<Result>(write: () => Result): Result {
    try {
      return write();
    } catch (error) {
      if (error instanceof RequestError) throw error;
      if (!this.#refused) this.#options.log(`${this.name}: the disk refuses writes: ${String(error)}`);
      this.#refused = true;
      throw storageError(`${this.name} could not be written`, error);
    }
  }

  #reading<Result>(read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      throw storageError(`${this.name} could not be read`, error);
    }
  }
}

function requireKeys(batch: Buffer, name: string): void {
  const reader = new RecordBatchReader({ checksums: false });
  reader.reset(batch);
  try {
    reader.nextBatch();
    while (reader.next()) {
      if (reader.keyStart < 0) {
        throw new RequestError('INVALID_RECORD', `${name} is compacted, and a record without a key cannot be`);
      }
    }
  } catch (error) {
    if (error instanceof RequestError) throw error;
    throw new RequestError('CORRUPT_MESSAGE', `the records for ${name} cannot be read: ${String(error)}`);
  }
}
