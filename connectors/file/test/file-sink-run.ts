import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseConfig, SinkRecord, type SinkRecordInit, type SinkTaskContext, silentLogger } from '@millrace/api';
import { onTestFinished } from 'vitest';
import { type FileSinkConfig, fileSinkConfig } from '../src/file-sink-config.ts';
import { open } from '../src/file-sink-task.ts';

/** A sink task without a runtime. */
export function startSink(
  config: Readonly<Record<string, string>>,
  reportErrant?: SinkTaskContext<FileSinkConfig>['reportErrant'],
) {
  const task = open({
    config: parseConfig(fileSinkConfig, config).config,
    log: silentLogger,
    reportErrant,
    requestCommit: () => {},
    taskConfig: config,
  });
  onTestFinished(() => task.close());
  return task;
}

/** Records of `t-0` with these offsets; the value is the offset unless it is given. */
export function recordsOf(from: number, to: number, init: (offset: number) => Partial<SinkRecordInit> = () => ({})) {
  return Array.from({ length: to - from }, (_, index) => {
    const offset = from + index;
    return new SinkRecord({ topic: 't', partition: 0, offset, value: String(offset), ...init(offset) });
  });
}

/** All finished files below a directory, by path, decompressed. */
export function filesIn(directory: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || basename(path).startsWith('.')) continue;
    const bytes = readFileSync(path);
    found[path.slice(directory.length + 1)] = String(path.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  }
  return Object.fromEntries(Object.entries(found).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The names of files that are not finished. */
export function unfinishedIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true })
    .map((name) => String(name))
    .filter((name) => basename(name).startsWith('.'));
}
