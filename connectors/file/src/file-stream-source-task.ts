import { Schema, SourceRecord, type SourceTask, type SourceTaskContext, sleep } from '@millrace/api';
import { type FileStreamOffset, type FileStreamPartition, type FileStreamSourceConfig, hasFile } from './config.ts';
import { type FileStreamInput, openFile, pauseMs } from './file-stream-input.ts';
import { FileStreamLines } from './file-stream-lines.ts';
import { openStandardInput } from './standard-input.ts';

type Context = Pick<
  SourceTaskContext<FileStreamSourceConfig, FileStreamPartition, FileStreamOffset>,
  'config' | 'offsets' | 'log' | 'signal'
>;
type Task = SourceTask<FileStreamPartition, FileStreamOffset>;
type FileStreamRecord = SourceRecord<FileStreamPartition, FileStreamOffset>;

/** So many bytes make a batch full, however few lines they are. */
const fullBytes = 4 << 20;

/** Starts following the file of the configuration. */
export function open(context: Context): FileStreamSourceTask {
  return new FileStreamSourceTask(context);
}

/** Gives a record for each line, with the position behind it as its offset. */
export class FileStreamSourceTask implements Task {
  readonly #context: Context;
  readonly #topic: string;
  readonly #batchSize: number;
  readonly #partition: FileStreamPartition | null;
  #input: FileStreamInput | undefined;
  #lines: FileStreamLines | undefined;

  constructor(context: Context) {
    const { config, offsets } = context;
    this.#context = context;
    this.#topic = config.topic;
    this.#batchSize = config.batchSize;
    this.#partition = hasFile(config) ? offsets.partition({ filename: config.file }) : null;
  }

  async poll(): Promise<FileStreamRecord[] | null> {
    const { signal } = this.#context;
    try {
      const lines = this.#lines ?? (await this.#open());
      if (lines === undefined) return null;
      const records: FileStreamRecord[] = [];
      const full = lines.position + fullBytes;
      while (!this.#take(lines, records) && lines.position < full && (await lines.fill())) {}
      if (records.length > 0) return records;
      await this.#input?.wait(lines.readPosition, signal);
      return null;
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  }

  async close(): Promise<void> {
    const input = this.#input;
    this.#input = undefined;
    this.#lines = undefined;
    await input?.close();
  }

  /** `undefined` when the file is not there, after a while. */
  async #open(): Promise<FileStreamLines | undefined> {
    const { offsets, log, signal } = this.#context;
    if (this.#partition === null) {
      this.#input = openStandardInput();
      this.#lines = new FileStreamLines(this.#input, 0);
      return this.#lines;
    }
    const { filename } = this.#partition;
    this.#input ??= await openFile(filename, log);
    if (this.#input === undefined) {
      log.warn(`Couldn't find file ${filename} for FileStreamSourceTask, sleeping to wait for it to be created`);
      await sleep(pauseMs, signal);
      return undefined;
    }
    const stored = await offsets.get(this.#partition);
    this.#lines = new FileStreamLines(this.#input, Number(stored?.position ?? 0n));
    return this.#lines;
  }

  /** Makes records of the lines that are there; `true` when the batch has as many as it may have. */
  #take(lines: FileStreamLines, records: FileStreamRecord[]): boolean {
    const timestamp = Date.now();
    for (let line = lines.next(); line !== undefined; line = lines.next()) {
      records.push(
        new SourceRecord({
          topic: this.#topic,
          valueSchema: Schema.string,
          value: line,
          timestamp,
          sourcePartition: this.#partition,
          sourceOffset: this.#partition === null ? null : { position: BigInt(lines.position) },
        }),
      );
      // As in Java, a batch has one record at least, whatever the size is set to.
      if (records.length >= this.#batchSize) return true;
    }
    return false;
  }
}
