import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig, SinkRecord, silentLogger } from '@millrace/api';
import { fileStreamSourceConfig } from '../../src/config.ts';
import { open as openSink } from '../../src/file-stream-sink-task.ts';
import { open as openSource } from '../../src/file-stream-source-task.ts';

/**
 * How fast the tasks alone are: `node --expose-gc --conditions=@millrace/source test/bench/file-stream.ts [lines]`. Lines of
 * 100 bytes; the first round of each warms up.
 */
const lines = Number(process.argv[2] ?? 1_000_000);
const directory = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
try {
  for (const [title, text] of [
    ['ASCII', 'x'.repeat(99)],
    ['beyond ASCII', `ü${'x'.repeat(97)}`],
  ] as const) {
    const file = join(directory, 'in.txt');
    write(file, text);
    for (let round = 0; round < 3; round++) await measure(`poll, ${title}`, () => pollAll(file));
    for (let round = 0; round < 3; round++) await measure(`put, ${title}`, () => putAll(text));
  }
} finally {
  rmSync(directory, { recursive: true });
}

function write(file: string, text: string): void {
  const fd = openSync(file, 'w');
  const block = Buffer.from(`${text}\n`.repeat(1000));
  for (let written = 0; written < lines; written += 1000) writeSync(fd, block);
  closeSync(fd);
}

async function pollAll(file: string): Promise<void> {
  const stop = new AbortController();
  const task = openSource({
    config: parseConfig(fileStreamSourceConfig, { file, topic: 't' }).config,
    log: silentLogger,
    signal: stop.signal,
    offsets: {
      get: async () => undefined,
      getAll: async (all) => all.map(() => undefined),
      partition: (partition) => partition,
    },
  });
  for (let count = 0; count < lines; ) count += (await task.poll())?.length ?? 0;
  await task.close();
}

async function putAll(text: string): Promise<void> {
  const file = join(directory, 'out.txt');
  const records = Array.from({ length: 500 }, (_, offset) => {
    return new SinkRecord({ topic: 't', partition: 0, offset, value: text });
  });
  const task = await openSink({ config: { file }, log: silentLogger, reportErrant: undefined });
  for (let count = 0; count < lines; count += records.length) await task.put(records);
  await task.close();
  rmSync(file);
}

async function measure(title: string, work: () => Promise<void>): Promise<void> {
  globalThis.gc?.();
  const { external, heapUsed } = process.memoryUsage();
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const after = process.memoryUsage();
  const left = Math.round((after.heapUsed + after.external - heapUsed - external) / 1024);
  const million = lines / 1_000_000;
  process.stdout.write(
    `${title}: ${(million / seconds).toFixed(2)} M/s, ${((user + system) / 1e6 / million).toFixed(2)} CPU s per million, ${left} KiB more in use\n`,
  );
}
