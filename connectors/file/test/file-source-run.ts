import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogFields, type Logger, parseConfig, silentLogger } from '@millrace/api';
import { onTestFinished } from 'vitest';
import type { FileSourceOffset, FileSourcePartition, FileSourceRecord } from '../src/file-source-batch.ts';
import { fileSourceTaskConfig } from '../src/file-source-config.ts';
import { open } from '../src/file-source-task.ts';

/** A directory that is gone after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-file-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Stored offsets, which outlive a task. */
export type Store = Map<string, FileSourceOffset>;

/** A source task, driven as the runtime does it. */
export function startSource(config: Readonly<Record<string, string>>, store: Store = new Map()) {
  const stop = new AbortController();
  const lines: string[] = [];
  const partitions = new Map<string, FileSourcePartition>();
  const task = open({
    config: parseConfig(fileSourceTaskConfig, {
      topic: 'lines',
      'scan.interval.ms': '10',
      'rotated.wait.ms': '0',
      ...config,
    }).config,
    log: recording(lines),
    signal: stop.signal,
    offsets: {
      get: async ({ series }) => store.get(series),
      getAll: async (wanted) => wanted.map(({ series }) => store.get(series)),
      partition: (partition) => {
        const interned = partitions.get(partition.series) ?? partition;
        partitions.set(partition.series, interned);
        return interned;
      },
    },
  });
  const records: FileSourceRecord[] = [];
  const close = async () => {
    stop.abort();
    await task.close();
  };
  onTestFinished(close);
  let done = 0;

  return {
    task,
    records,
    /** What was written to the log. */
    lines,
    close,
    values: () => records.map(({ value }) => value),
    /** Polls until there are that many records, or the condition holds. */
    async until(wanted: number | (() => boolean)): Promise<unknown[]> {
      const reached = () => (typeof wanted === 'number' ? records.length >= wanted : wanted());
      for (const deadline = Date.now() + 20_000; !reached(); ) {
        if (Date.now() > deadline) throw new Error(`Waited in vain; got ${records.length} records.`);
        records.push(...((await task.poll()) ?? []));
      }
      return records.map(({ value }) => value);
    },
    /** Polls for a while: what must not come has had its chance. */
    async quiet(polls = 8): Promise<unknown[]> {
      for (let count = 0; count < polls; count++) records.push(...((await task.poll()) ?? []));
      return records.map(({ value }) => value);
    },
    acknowledge(count = records.length): void {
      const some = records.slice(done, count);
      done = Math.max(done, count);
      task.committed(some);
    },
    /** Stores the offsets of what was acknowledged. */
    async commit(count = records.length): Promise<void> {
      this.acknowledge(count);
      for (const { sourcePartition, sourceOffset } of records.slice(0, count)) {
        if (sourcePartition !== null && sourceOffset !== null) store.set(sourcePartition.series, sourceOffset);
      }
      await task.commit();
    },
  };
}

function recording(lines: string[]): Logger {
  const write = (message: string, fields?: LogFields) => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  return { ...silentLogger, error: write, warn: write, info: write };
}
