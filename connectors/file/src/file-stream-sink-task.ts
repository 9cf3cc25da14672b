import { EOL } from 'node:os';
import {
  DataError,
  RetriableError,
  type SinkRecord,
  type SinkTask,
  type SinkTaskContext,
  type TopicPartitionOffset,
} from '@millrace/api';
import { javaText } from '@millrace/java';
import { type FileStreamSinkConfig, hasFile } from './config.ts';
import { cannotAppend } from './errors.ts';
import { type FileStreamOutput, openForAppend, streamOutput } from './file-stream-output.ts';

type Context = Pick<SinkTaskContext<FileStreamSinkConfig>, 'config' | 'log' | 'reportErrant'>;

const nothing = Buffer.alloc(0);

/** Opens the file of the configuration. */
export async function open(context: Context): Promise<FileStreamSinkTask> {
  const { config } = context;
  const output = hasFile(config) ? await openForAppend(config.file) : streamOutput(process.stdout, 'standard output');
  return new FileStreamSinkTask(output, context);
}

/**
 * Writes the records of a put at once. What a full disk does not take stays in memory, and is written before anything
 * else: so lines are whole and in order, and no line is there twice because of it.
 */
export class FileStreamSinkTask implements SinkTask {
  readonly #output: FileStreamOutput;
  readonly #context: Context;
  /** What was taken and is not written yet. */
  #rest: Buffer = nothing;
  #closed = false;

  constructor(output: FileStreamOutput, context: Context) {
    this.#output = output;
    this.#context = context;
  }

  /** @throws RetriableError when there is no room for what was put before; then none of these records is taken. */
  async put(records: readonly SinkRecord[]): Promise<void> {
    await this.#write();
    const reports: Promise<void>[] = [];
    this.#rest = this.#encode(records, reports);
    await Promise.all(reports);
    await this.#tryToWrite();
  }

  /** Nothing may be committed while something is only in memory. */
  async preCommit(offsets: readonly TopicPartitionOffset[]): Promise<readonly TopicPartitionOffset[]> {
    return (await this.#tryToWrite()) ? offsets : [];
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#tryToWrite();
    } finally {
      await this.#output.close();
    }
  }

  #encode(records: readonly SinkRecord[], reports: Promise<void>[]): Buffer {
    const { reportErrant } = this.#context;
    let text = '';
    for (const record of records) {
      const { value } = record;
      try {
        text += (typeof value === 'string' ? value : textOf(record)) + EOL;
      } catch (error) {
        if (!DataError.isInstance(error) || reportErrant === undefined) throw error;
        reports.push(reportErrant(record, error));
      }
    }
    // As in Java, half a surrogate pair is a question mark.
    return Buffer.from(text.isWellFormed() ? text : text.replace(/\p{Surrogate}/gu, '?'));
  }

  async #tryToWrite(): Promise<boolean> {
    try {
      await this.#write();
      return true;
    } catch (error) {
      if (!RetriableError.isInstance(error)) throw error;
      const { message } = error;
      this.#context.log.warn('Lines are kept in memory, and their offsets are not committed.', { error: message });
      return false;
    }
  }

  async #write(): Promise<void> {
    try {
      while (this.#rest.length > 0) {
        const written = await this.#output.write(this.#rest);
        this.#rest = this.#rest.subarray(written);
      }
    } catch (error) {
      throw cannotAppend(this.#output.name, error);
    }
  }
}

function textOf({ value, valueSchema, topic }: SinkRecord): string {
  try {
    return javaText(valueSchema, value);
  } catch (cause) {
    if (!DataError.isInstance(cause)) throw cause;
    const text = 'The value cannot be written as a line: it is, or holds, something that has no text, such as bytes.';
    throw new DataError(`${text} Choose a value.converter that gives texts, such as StringConverter.`, {
      topic,
      part: 'value',
      cause,
    });
  }
}
