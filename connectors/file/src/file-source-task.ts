import { type SourceTask, type SourceTaskContext, sleep } from '@millrace/api';
import type { ReaderOptions } from '@millrace/files';
import { delimiterOf } from './file-delimiter.ts';
import {
  FileSourceBatch,
  type FileSourceOffset,
  type FileSourcePartition,
  type FileSourceRecord,
} from './file-source-batch.ts';
import { FileSourceCleanup } from './file-source-cleanup.ts';
import type { FileSourceTaskConfig } from './file-source-config.ts';
import { chunkBytes } from './file-source-input.ts';
import { pauseAfterScan, scan } from './file-source-scan.ts';
import { FileSeries, type SeriesSettings } from './file-source-series.ts';
import { taskOf } from './file-source-shares.ts';

type Context = SourceTaskContext<FileSourceTaskConfig, FileSourcePartition, FileSourceOffset>;

/** Files that stay open though there is nothing new in them. */
const mostIdleFiles = 256;

/** Starts reading the series of files that fall to this task. */
export function open(context: Pick<Context, 'config' | 'log' | 'offsets' | 'signal'>): FileSourceTask {
  return new FileSourceTask(context);
}

export class FileSourceTask implements SourceTask<FileSourcePartition, FileSourceOffset> {
  readonly #config: FileSourceTaskConfig;
  readonly #offsets: Context['offsets'];
  readonly #signal: AbortSignal;
  readonly #settings: SeriesSettings;
  readonly #series = new Map<string, FileSeries>();
  /** Series that may have records, in the order in which they are asked. */
  readonly #due = new Set<FileSeries>();
  /** Series whose file is open, the longest idle first. */
  readonly #opened = new Set<FileSeries>();
  #nextScan = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor({ config, log, offsets, signal }: Pick<Context, 'config' | 'log' | 'offsets' | 'signal'>) {
    this.#config = config;
    this.#offsets = offsets;
    this.#signal = signal;
    this.#settings = {
      config,
      log,
      reader: readerOptions(config),
      cleanup: new FileSourceCleanup(config, log),
      chunk: Buffer.allocUnsafe(chunkBytes),
    };
  }

  async poll(): Promise<readonly FileSourceRecord[] | null> {
    if (this.#failure !== undefined) throw this.#failure.error;
    const batch = new FileSourceBatch(this.#config.batchSize);
    try {
      if (Date.now() >= this.#nextScan) await this.#scan();
      await this.#fill(batch);
      if (batch.records.length > 0) return batch.records;
      await sleep(Math.max(0, this.#nextScan - Date.now()), this.#signal);
      return null;
    } catch (error) {
      if (this.#signal.aborted && batch.records.length === 0) return null;
      if (batch.records.length === 0) throw error;
      // What was read in front of the fault goes first; the next poll fails.
      this.#failure = { error };
      return batch.records;
    }
  }

  committed(records: readonly FileSourceRecord[]): void {
    this.#settings.cleanup.committed(records);
  }

  async commit(): Promise<void> {
    this.#settings.cleanup.stored();
    await this.#cleanUp(Date.now());
  }

  async close(): Promise<void> {
    this.#due.clear();
    this.#opened.clear();
    for (const series of this.#series.values()) await series.close();
  }

  async #scan(): Promise<void> {
    const { files, exclude, count, index, seed } = this.#config;
    const { log } = this.#settings;
    const start = Date.now();
    const listing = await scan(files, exclude, (series) => count === 1 || taskOf(series, count, seed) === index, log);
    await this.#start([...listing.keys()].filter((name) => !this.#series.has(name)));
    for (const [name, series] of this.#series) {
      series.update(listing.get(name) ?? [], start);
      if (series.isDue) this.#due.add(series);
      else if (!listing.has(name) && series.isForgotten) this.#series.delete(name);
    }
    const now = Date.now();
    await this.#cleanUp(now);
    this.#nextScan = now + pauseAfterScan(this.#config.scanInterval, now - start);
  }

  /** What was cleaned up may leave its inode to another file. */
  async #cleanUp(now: number): Promise<void> {
    for (const { series, inode } of await this.#settings.cleanup.run(now)) this.#series.get(series)?.forget(inode);
  }

  /** Takes up series where their stored offsets say. */
  async #start(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const partitions = names.map((series) => this.#offsets.partition({ series }));
    const stored = await this.#offsets.getAll(partitions);
    partitions.forEach((partition, at) => {
      this.#series.set(partition.series, new FileSeries(partition, stored[at], this.#settings));
    });
  }

  async #fill(batch: FileSourceBatch): Promise<void> {
    for (const series of this.#due) {
      if (batch.isFull || this.#signal.aborted) return;
      // To the end of the line: the others have their turn before it comes again.
      this.#due.delete(series);
      if (await series.read(batch)) this.#due.add(series);
      this.#opened.delete(series);
      if (series.isOpen) this.#opened.add(series);
      await this.#closeIdle();
    }
  }

  async #closeIdle(): Promise<void> {
    if (this.#opened.size <= mostIdleFiles) return;
    for (const series of this.#opened) {
      if (this.#due.has(series)) continue;
      this.#opened.delete(series);
      await series.suspend();
      return;
    }
  }
}

function readerOptions(config: FileSourceTaskConfig): ReaderOptions {
  const { format, maxLineBytes, truncateLongLines, invalidUtf8, csvDelimiter, csvHeader, csvColumns } = config;
  return {
    format,
    maxBytes: maxLineBytes,
    longRecords: truncateLongLines ? 'truncate' : 'fail',
    invalidUtf8,
    csv: {
      delimiter: delimiterOf(csvDelimiter),
      header: csvHeader,
      columns: csvColumns.length === 0 ? undefined : csvColumns,
    },
  };
}
