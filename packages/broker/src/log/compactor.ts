import { createHash } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { readJson, replaceFile } from '../files.ts';
import { type BatchInfo, isControlBatch, isTransactional, lastOffsetOf, readBatchInfo } from './batch-info.ts';
import { type RecordRange, recordsOf, withRecords } from './batch-records.ts';
import type { OpenFiles } from './open-files.ts';
import type { PartitionLog } from './partition-log.ts';
import type { AbortedRange } from './producer-states.ts';
import { Segment } from './segment.ts';
import { finishSwaps, swapPath } from './segment-files.ts';

export interface CompactorOptions {
  readonly clock: Clock;
  readonly log: (line: string) => void;
  readonly files: OpenFiles;
  readonly isStopped: () => boolean;
  /** As many keys are remembered in one pass; with more, the pass covers only a part of the log. Default: 1 000 000. */
  readonly mostKeys?: number;
}

/** A pass that is over: records in front of `to` were compacted at that time. */
interface Pass {
  readonly to: number;
  readonly at: number;
}

/** What a pass goes by. */
interface Plan {
  /** Newest offset of each key, among records in front of `end`. */
  readonly newest: ReadonlyMap<string, number>;
  readonly end: number;
  /** Deletions in front of this were kept long enough. */
  readonly deletionsTo: number;
  readonly aborted: readonly AbortedRange[];
}

const chunkBytes = 1024 * 1024;

/**
 * Keeps of compacted logs only the newest record of each key. Complete segments are rewritten beside the old ones and
 * exchanged by renaming, so that a crash at any point leaves one or the other. It works in small steps between which
 * requests are served.
 */
export class Compactor {
  readonly #options: CompactorOptions;
  readonly #mostKeys: number;

  constructor(options: CompactorOptions) {
    this.#options = options;
    this.#mostKeys = options.mostKeys ?? 1_000_000;
  }

  /** Compacts what is due. */
  async compact(log: PartitionLog): Promise<void> {
    const now = this.#options.clock.now();
    const { config } = log;
    const passes = readPasses(log);
    const cleanedTo = passes.at(-1)?.to ?? 0;
    const eligible = log.sealed.filter(
      ({ nextOffset, newestTime }) =>
        nextOffset <= log.lastStableOffset && newestTime <= now - config.minCompactionLagMs,
    );
    const dirty = eligible.filter(({ nextOffset }) => nextOffset > cleanedTo);
    const dirtyBytes = bytesOf(dirty);
    const overdue = dirty.some(({ createdAt }) => createdAt < now - config.maxCompactionLagMs);
    if (dirtyBytes === 0 || (!overdue && dirtyBytes / bytesOf(eligible) < config.minCleanableDirtyRatio)) return;

    const aborted = log.abortedIn(0, log.nextOffset);
    const { newest, end } = await this.#newestOffsets(dirty, cleanedTo, aborted);
    const kept = passes.filter(({ at }) => at <= now - config.deleteRetentionMs);
    const plan = { newest, end, deletionsTo: kept.at(-1)?.to ?? 0, aborted };
    const rewritten = eligible.filter(({ baseOffset }) => baseOffset < end);
    for (const group of groupsOf(rewritten, config.segmentBytes)) {
      if (this.#options.isStopped() || log.closed) return;
      await this.#rewrite(log, group, plan);
    }
    if (log.closed) return;
    const later = passes.filter(({ at }) => at > now - config.deleteRetentionMs);
    const done = [...kept.slice(-1), ...later, { to: end, at: now }];
    replaceFile(passesPath(log), JSON.stringify(done));
  }

  async #newestOffsets(
    segments: readonly Segment[],
    from: number,
    aborted: readonly AbortedRange[],
  ): Promise<Pick<Plan, 'newest' | 'end'>> {
    const newest = new Map<string, number>();
    let end = 0;
    for (const segment of segments) {
      for await (const { bytes, start, info } of this.#batches(segment)) {
        if (lastOffsetOf(info) < from) continue;
        if (newest.size >= this.#mostKeys) return { newest, end };
        end = lastOffsetOf(info) + 1;
        if (isControlBatch(info) || isAborted(info, aborted)) continue;
        for (const { key, offset } of recordsOf(bytes, start, info).records) {
          if (key !== null) newest.set(keyOf(key), offset);
        }
      }
      end = Math.max(end, segment.nextOffset);
    }
    return { newest, end };
  }

  /** Writes one segment in the place of several. */
  async #rewrite(log: PartitionLog, group: readonly Segment[], plan: Plan): Promise<void> {
    const first = group[0]!;
    const last = group.at(-1)!;
    const path = join(log.directory, `${first.baseOffset}.cleaned`);
    const { storage } = this.#options.files;
    rmSync(path, { force: true });
    const file = storage.open(path, true);
    let size = 0;
    try {
      for (const segment of group) {
        for await (const { bytes, start, info } of this.#batches(segment)) {
          if (this.#options.isStopped() || log.closed) return;
          const batch = cleaned(bytes, start, info, plan);
          for (let written = 0; written < batch.length; ) {
            const count = storage.write(file, batch, written, batch.length - written, size);
            written += count;
            size += count;
          }
        }
      }
      storage.sync(file);
    } finally {
      storage.close(file);
    }
    const exchanged =
      !this.#options.isStopped() &&
      !log.closed &&
      (group.length > 1 || size < first.size) &&
      log.replaceSegments(group, () => {
        renameSync(path, swapPath(log.directory, first.baseOffset, last.baseOffset));
        finishSwaps(log.directory);
        const segment = new Segment(log.directory, first.baseOffset, first.createdAt, this.#options.files);
        segment.recover(() => true);
        segment.writeSummary();
        return segment;
      });
    if (!exchanged) rmSync(path, { force: true });
  }

  async *#batches(segment: Segment): AsyncGenerator<{ bytes: Buffer; start: number; info: BatchInfo }> {
    for (let offset = segment.baseOffset; offset < segment.nextOffset && !this.#options.isStopped(); ) {
      const bytes = segment.read(offset, Number.POSITIVE_INFINITY, chunkBytes, true);
      if (bytes.length === 0) return;
      for (let start = 0; start < bytes.length; ) {
        const info = readBatchInfo(bytes, start, bytes.length);
        if (info === undefined) return;
        yield { bytes, start, info };
        start += info.size;
        offset = lastOffsetOf(info) + 1;
      }
      await breathe();
    }
  }
}

/** What is left of a batch; empty when nothing is. */
function cleaned(bytes: Buffer, start: number, info: BatchInfo, plan: Plan): Buffer {
  const whole = bytes.subarray(start, start + info.size);
  // Markers of aborted transactions stay: readers need them as long as the transaction is known as aborted.
  if (isControlBatch(info)) return whole;
  if (isAborted(info, plan.aborted)) return whole.subarray(0, 0);
  const records = recordsOf(bytes, start, info);
  const kept = records.records.filter((record) => isKept(record, plan));
  if (kept.length === records.records.length) return whole;
  return kept.length === 0 ? whole.subarray(0, 0) : withRecords(bytes, start, records, kept);
}

function isKept({ key, offset, hasValue }: RecordRange, { newest, end, deletionsTo }: Plan): boolean {
  if (offset >= end) return true;
  if (key === null) return false;
  const last = newest.get(keyOf(key));
  if (last !== undefined && last > offset) return false;
  return hasValue || offset >= deletionsTo;
}

function isAborted(info: BatchInfo, aborted: readonly AbortedRange[]): boolean {
  if (!isTransactional(info)) return false;
  return aborted.some(
    ({ producerId, firstOffset, lastOffset }) =>
      producerId === info.producerId && info.baseOffset >= firstOffset && info.baseOffset < lastOffset,
  );
}

/** Segments that fit into one, in order. */
function groupsOf(segments: readonly Segment[], segmentBytes: number): Segment[][] {
  const groups: Segment[][] = [];
  let bytes = 0;
  for (const segment of segments) {
    const group = groups.at(-1);
    if (group !== undefined && bytes + segment.size <= segmentBytes) {
      group.push(segment);
      bytes += segment.size;
    } else {
      groups.push([segment]);
      bytes = segment.size;
    }
  }
  return groups;
}

const bytesOf = (segments: readonly Segment[]): number => segments.reduce((sum, { size }) => sum + size, 0);

const longestKey = 32;

/** A key as text: itself, or for long ones a digest, so that memory is bounded by the number of keys. */
function keyOf(key: Buffer): string {
  if (key.length <= longestKey) return key.toString('latin1');
  return createHash('sha256').update(key).digest('base64') + key.length;
}

const passesPath = (log: PartitionLog): string => join(log.directory, 'compaction.json');

function readPasses(log: PartitionLog): Pass[] {
  return (readJson(passesPath(log)) as Pass[] | undefined) ?? [];
}
