import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, parseConfig, SinkRecord, silentLogger } from '@millrace/api';
import { onTestFinished } from 'vitest';
import { type FileStreamOffset, fileStreamSinkConfig, fileStreamSourceConfig } from '../src/config.ts';
import { openForAppend } from '../src/file-stream-output.ts';
import { FileStreamSinkTask } from '../src/file-stream-sink-task.ts';
import { FileStreamSourceTask } from '../src/file-stream-source-task.ts';

/** A path in a directory that is gone after the test. */
export function temporaryPath(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-file-stream-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, name);
}

/** A source task without a runtime; `stored` is the position that Kafka holds. */
export function startSource(config: Readonly<Record<string, string>>, stored?: bigint) {
  const stop = new AbortController();
  const warnings: string[] = [];
  const task = new FileStreamSourceTask({
    config: parseConfig(fileStreamSourceConfig, { topic: 'lines', ...config }).config,
    log: recording(warnings),
    signal: stop.signal,
    offsets: {
      get: async () => offsetOf(stored),
      getAll: async (partitions) => partitions.map(() => offsetOf(stored)),
      partition: (partition) => partition,
    },
  });
  onTestFinished(async () => {
    stop.abort();
    await task.close();
  });
  return {
    task,
    stop,
    warnings,
    /** The next lines with the position behind each; polls on while there are none. */
    async lines(): Promise<(readonly [unknown, bigint | undefined])[]> {
      for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
        const records = await task.poll();
        if (records !== null) return records.map(({ value, sourceOffset }) => [value, sourceOffset?.position]);
      }
      throw new Error('Waited in vain for a line.');
    },
  };
}

/** A sink task without a runtime. */
export async function startSink(file: string, output = openForAppend(file)) {
  const warnings: string[] = [];
  const task = new FileStreamSinkTask(await output, {
    config: parseConfig(fileStreamSinkConfig, { file }).config,
    log: recording(warnings),
    reportErrant: undefined,
  });
  onTestFinished(() => task.close());
  return { task, warnings };
}

export function recordsOf(...values: readonly unknown[]): SinkRecord[] {
  return values.map((value, offset) => new SinkRecord({ topic: 't', partition: 0, offset, value }));
}

function offsetOf(position: bigint | undefined): FileStreamOffset | undefined {
  return position === undefined ? undefined : { position };
}

function recording(lines: string[]): Logger {
  return { ...silentLogger, warn: (message) => lines.push(message) };
}
