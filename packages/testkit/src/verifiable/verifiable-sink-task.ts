import { type FileHandle, open as openFile } from 'node:fs/promises';
import { DataError, MillraceError, type SinkRecord, type SinkTask, type SinkTaskContext, sleep } from '@millrace/api';
import type { VerifiableSinkConfig } from './config.ts';

type Context = Pick<SinkTaskContext<VerifiableSinkConfig>, 'config' | 'signal'>;

/** The file of a task of a sink with that `file`. */
export function verifiableFile(file: string, id = 0): string {
  return `${file}-${id}`;
}

export async function open(context: Context): Promise<SinkTask> {
  const { file, id } = context.config;
  return new VerifiableSinkTask(context, file === null ? undefined : await openAtLineEnd(verifiableFile(file, id)));
}

class VerifiableSinkTask implements SinkTask {
  readonly #context: Context;
  #file: FileHandle | undefined;
  #taken = 0;

  constructor(context: Context, file: FileHandle | undefined) {
    this.#context = context;
    this.#file = file;
  }

  async put(records: readonly SinkRecord[]): Promise<void> {
    const { config, signal } = this.#context;
    if (config.putDelay > 0 && records.length > 0) await sleep(config.putDelay, signal);
    if (config.failAfter !== null && this.#taken + records.length > config.failAfter) {
      throw new MillraceError(`The verifiable sink fails after ${config.failAfter} records, as fail.after says.`);
    }
    let lines = '';
    for (const record of records) lines += lineOf(record);
    if (lines !== '') await this.#file?.appendFile(lines);
    this.#taken += records.length;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}

/** The line of a number without a source begins with the number. */
function lineOf({ key, value, topic }: SinkRecord): string {
  const text = String(value);
  const number = /\d+$/.exec(text)?.[0];
  if (number === undefined) {
    throw new DataError(`The value has no number at its end: ${text.slice(0, 100)}`, { topic, part: 'value' });
  }
  if (key === null) return `${number}\n`;
  if (typeof key === 'number' || typeof key === 'bigint' || typeof key === 'string') return `${key} ${number}\n`;
  throw new DataError(`The key names no source: it is neither a number nor a text, but ${typeof key}.`, {
    topic,
    part: 'key',
  });
}

/** A line that a crash has cut off is taken away: its record was not committed, and comes again. */
async function openAtLineEnd(path: string): Promise<FileHandle> {
  const file = await openFile(path, 'a+');
  const { size } = await file.stat();
  const tail = Buffer.alloc(Math.min(size, 4096));
  await file.read(tail, 0, tail.length, size - tail.length);
  await file.truncate(size - tail.length + tail.lastIndexOf(10) + 1);
  return file;
}
