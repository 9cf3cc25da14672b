import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DataError, parseConfig, RetriableError, Schema } from '@millrace/api';
import { expect, test, vi } from 'vitest';
import { fileSink } from '../src/file-sink.ts';
import { temporaryPrefix } from '../src/file-sink-file.ts';
import { filesIn, recordsOf, startSink, unfinishedIn } from './file-sink-run.ts';
import { temporaryDirectory } from './file-source-run.ts';

const reached = (offset: number) => [{ topic: 't', partition: 0, offset }];
const name = (first: number, last: number, ending = '.txt') =>
  `t/partition=0/t+0+${String(first).padStart(10, '0')}+${String(last).padStart(10, '0')}${ending}`;

test('writes files by count, and commits only what is in files with names', async () => {
  const directory = temporaryDirectory();
  const task = startSink({ directory, 'rotate.records': '3' });
  await task.put(recordsOf(0, 7));
  expect(filesIn(directory)).toEqual({ [name(0, 2)]: '0\n1\n2\n', [name(3, 5)]: '3\n4\n5\n' });
  expect(await task.preCommit(reached(7))).toEqual(reached(6));
  await task.put(recordsOf(7, 9));
  expect(await task.preCommit(reached(9))).toEqual(reached(9));
  expect(Object.keys(filesIn(directory))).toHaveLength(3);
});

test('writes files by size and by time, though nothing new comes', async () => {
  const directory = temporaryDirectory();
  const task = startSink({ directory, 'rotate.bytes': '4', 'rotate.interval.ms': '30' });
  await task.put(recordsOf(0, 3));
  expect(filesIn(directory)).toEqual({ [name(0, 1)]: '0\n1\n' });
  await vi.waitFor(async () => expect(await task.preCommit(reached(3))).toEqual(reached(3)));
  expect(filesIn(directory)).toEqual({ [name(0, 1)]: '0\n1\n', [name(2, 2)]: '2\n' });
});

test('leaves out what is in finished files when it comes again, however files are cut then', async () => {
  const directory = temporaryDirectory();
  await startSink({ directory, 'rotate.records': '3' }).put(recordsOf(0, 7));
  const task = startSink({ directory, 'rotate.records': '4' });
  await task.put(recordsOf(0, 10));
  expect(filesIn(directory)).toEqual({
    [name(0, 2)]: '0\n1\n2\n',
    [name(3, 5)]: '3\n4\n5\n',
    [name(6, 9)]: '6\n7\n8\n9\n',
  });
  expect(await task.preCommit(reached(10))).toEqual(reached(10));
});

test('leaves what another connector has not finished alone, and removes its own leftovers', async () => {
  const directory = temporaryDirectory();
  const long = recordsOf(0, 1, () => ({ value: 'x'.repeat(300_000) }));
  const [one, other] = ['one', 'other'].map((connector) => startSink({ directory, name: connector }));
  await one?.put(long);
  const ofOne = unfinishedIn(directory);
  await other?.put(long);
  expect(unfinishedIn(directory)).toHaveLength(2);
  expect(unfinishedIn(directory)).toEqual(expect.arrayContaining(ofOne));
  await startSink({ directory, name: 'one' }).put(long);
  expect(unfinishedIn(directory)).toHaveLength(2);
  expect(unfinishedIn(directory)).not.toEqual(expect.arrayContaining(ofOne));
});

test('drops unfinished files when partitions are taken away, and commits nothing of them', async () => {
  const directory = temporaryDirectory();
  const task = startSink({ directory });
  await task.put(recordsOf(0, 5, () => ({ value: 'x'.repeat(100_000) })));
  expect(unfinishedIn(directory)).toHaveLength(1);
  expect(await task.preCommit(reached(5))).toEqual(reached(0));
  await task.partitionsRevoked([{ topic: 't', partition: 0 }]);
  expect(unfinishedIn(directory)).toEqual([]);
  expect(filesIn(directory)).toEqual({});
});

test.each(['default', 'field'])(
  'has every record once after being killed again and again, by %s',
  { timeout: 60_000 },
  async (partitioner) => {
    const directory = temporaryDirectory();
    const child = fileURLToPath(new URL('./file-sink-child.ts', import.meta.url));
    let committed = 0;
    for (let round = 0; round < 4; round++) {
      const args = ['--conditions=@millrace/source', child, directory, String(committed), partitioner];
      const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      let seen = 0;
      running.stdout.on('data', (chunk: Buffer) => {
        output += String(chunk);
        // In the middle of something, and each time somewhere else.
        if (++seen > 20 + round * 7) running.kill('SIGKILL');
      });
      await once(running, 'close');
      committed = Math.max(committed, ...output.split('\n').slice(0, -1).map(Number));
    }
    expect(committed).toBeGreaterThan(1000);
    const ids = Object.values(filesIn(directory)).flatMap((text) =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => Number(JSON.parse(line).id)),
    );
    const sorted = ids.sort((left, right) => left - right);
    expect(new Set(sorted).size).toBe(sorted.length);
    const upTo = sorted.filter((id) => id < committed);
    expect(upTo).toEqual(Array.from({ length: committed }, (_, id) => id));
  },
);

test('removes what a killed task has left', async () => {
  const leftover = (partition: number) => `t/partition=0/${temporaryPrefix({ topic: 't', partition }, '')}5.x.tmp`;
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 't/partition=0'), { recursive: true });
  writeFileSync(join(directory, leftover(0)), 'half a li');
  writeFileSync(join(directory, leftover(1)), 'of another partition');
  await startSink({ directory, 'rotate.records': '1' }).put(recordsOf(5, 6));
  expect(unfinishedIn(directory)).toEqual([leftover(1)]);
});

test('a task that has lost its partition without knowing adds nothing to what its successor writes', async () => {
  const directory = temporaryDirectory();
  const zombie = startSink({ directory, 'rotate.records': '4' });
  await zombie.put(recordsOf(0, 2));
  await startSink({ directory, 'rotate.records': '3' }).put(recordsOf(0, 3));
  await expect(zombie.put(recordsOf(2, 4))).rejects.toThrow('holds records of the same offsets');
  await zombie.close();
  expect(filesIn(directory)).toEqual({ [name(0, 2)]: '0\n1\n2\n' });
});

test('a full disk is waited for, and nothing is lost or doubled', async () => {
  const directory = temporaryDirectory();
  const task = startSink({ directory, 'rotate.records': '6' });
  const values = (offset: number) => ({ value: `${offset}${'x'.repeat(100_000)}` });
  const handle = await openFile(import.meta.filename);
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  const full = vi.spyOn(prototype, 'write').mockRejectedValue(Object.assign(new Error('full'), { code: 'ENOSPC' }));
  const batch = recordsOf(0, 5, values);
  for (let attempt = 0; attempt < 3; attempt++) {
    const failure = await task.put(batch).catch((error: unknown) => error);
    expect(RetriableError.isInstance(failure) && failure.message).toContain('no space left');
  }
  expect(await task.preCommit(reached(5))).toEqual(reached(0));
  full.mockRestore();
  await task.put(batch);
  await task.put(recordsOf(5, 6, values));
  expect(Object.values(filesIn(directory))).toEqual([
    recordsOf(0, 6, values)
      .map(({ value }) => `${value}\n`)
      .join(''),
  ]);
});

test('begins another file of CSV when the columns change', async () => {
  const directory = temporaryDirectory();
  const one = Schema.struct({ id: Schema.int32 });
  const two = Schema.struct({ id: Schema.int32, name: Schema.string });
  const task = startSink({ directory, format: 'csv', 'rotate.interval.ms': '1', compression: 'gzip' });
  await task.put(
    recordsOf(0, 4, (offset) =>
      offset < 2
        ? { value: one.create({ id: offset }), valueSchema: one }
        : { value: two.create({ id: offset, name: 'a,b' }), valueSchema: two },
    ),
  );
  await vi.waitFor(async () => expect(await task.preCommit(reached(4))).toEqual(reached(4)));
  expect(filesIn(directory)).toEqual({
    [name(0, 1, '.csv.gz')]: 'id\n0\n1\n',
    [name(2, 3, '.csv.gz')]: 'id,name\n2,"a,b"\n3,"a,b"\n',
  });
});

test('puts records into directories by time and by field, and commits what is in front of the oldest file', async () => {
  const directory = temporaryDirectory();
  const config = { directory, partitioner: 'time', 'path.format': "'h'=HH", 'rotate.records': '2', format: 'jsonl' };
  const task = startSink(config);
  const hour = 3_600_000;
  await task.put(recordsOf(0, 5, (offset) => ({ value: { offset }, timestamp: (offset % 2) * hour })));
  expect(Object.keys(filesIn(directory))).toEqual([
    't/h=00/t+0+0000000000+0000000002.jsonl',
    't/h=01/t+0+0000000001+0000000003.jsonl',
  ]);
  expect(await task.preCommit(reached(5))).toEqual(reached(4));
});

test('keeps no more files open than it may', async () => {
  const directory = temporaryDirectory();
  const task = startSink({
    directory,
    partitioner: 'field',
    'partition.fields': 'a',
    format: 'jsonl',
    'max.open.files': '2',
  });
  await task.put(recordsOf(0, 5, (offset) => ({ value: { a: offset } })));
  expect(Object.keys(filesIn(directory))).toHaveLength(3);
  expect(await task.preCommit(reached(5))).toEqual(reached(3));
});

test('hands what cannot be written to the dead letter queue, or fails', async () => {
  const directory = temporaryDirectory();
  const batch = recordsOf(0, 3, (offset) => ({ value: offset === 1 ? { a: Number.NaN } : { a: offset } }));
  const dead: number[] = [];
  const task = startSink({ directory, format: 'jsonl', 'rotate.records': '2' }, async ({ offset }, error) => {
    expect(DataError.isInstance(error)).toBe(true);
    dead.push(offset);
  });
  await task.put(batch);
  expect(dead).toEqual([1]);
  expect(Object.values(filesIn(directory))).toEqual(['{"a":0}\n{"a":2}\n']);
  await expect(startSink({ directory: temporaryDirectory(), format: 'jsonl' }).put(batch)).rejects.toThrow('NaN');
  const nulls = recordsOf(0, 1, () => ({ value: null }));
  await expect(startSink({ directory: temporaryDirectory() }).put(nulls)).rejects.toThrow('t-0@0 has no value');
  await startSink({ directory: temporaryDirectory(), 'null.values': 'skip' }).put(nulls);
});

test('says what is wrong with a configuration before a task starts', async () => {
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, '');
  const { config } = parseConfig(fileSink.config, {
    directory: join(file, 'below'),
    'file.name': '{topic}',
    partitioner: 'time',
    'path.format': "'open",
    'csv.delimiter': '"',
  });
  const keys = [
    ...(fileSink.validate?.(config) ?? []),
    ...((await fileSink.probe?.(config, AbortSignal.timeout(5000))) ?? []),
  ];
  expect(keys.map(({ key }) => key)).toEqual(['csv.delimiter', 'directory', 'file.name', 'path.format']);
  expect(readdirSync(join(file, '..'))).toEqual(['file']);
});
