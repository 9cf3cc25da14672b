import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Schema, sleep } from '@millrace/api';
import { expect, test } from 'vitest';
import { fileSource } from '../src/file-source.ts';
import { cannotRead, seriesOf } from '../src/file-source-scan.ts';
import { taskOf } from '../src/file-source-shares.ts';
import { type Store, startSource, temporaryDirectory } from './file-source-run.ts';

test.each([
  ['/a/app.log', '/a/app.log'],
  ['/a/app.log.1', '/a/app.log'],
  ['/a/app.log.12.gz', '/a/app.log'],
  ['/a/app.log-20260102', '/a/app.log'],
  ['/a/app.log.2026-01-02', '/a/app.log'],
  ['/a/app-2026-01-02.log', '/a/app.log'],
  ['/a/app-2026-01-02.3.log.gz', '/a/app.log'],
  ['/a/app-20260102-131500.log', '/a/app.log'],
  ['/a/part-1.csv', '/a/part-1.csv'],
  ['/a/order-99999999.csv', '/a/order-99999999.csv'],
  ['/a/2026-01-02', '/a/2026-01-02'],
])('%s belongs to the series %s', (path, series) => {
  expect(seriesOf(path)).toBe(series);
});

test('reads CSV as structs by its header, across a restart', async () => {
  const path = join(temporaryDirectory(), 'a.csv');
  const store: Store = new Map();
  writeFileSync(path, '\ufeffid,"na\nme"\r\n1,"Ann, ""A"""\r\n2,\r\n');
  const first = startSource({ files: path, format: 'csv' }, store);
  const text = Schema.string.asOptional();
  expect(await first.until(2)).toEqual([
    { id: '1', 'na\nme': 'Ann, "A"' },
    { id: '2', 'na\nme': null },
  ]);
  expect(first.records[0]?.valueSchema).toBe(Schema.struct({ id: text, 'na\nme': text }));
  await first.commit(1);
  await first.close();
  appendFileSync(path, '3,"multi\nline"\n');
  expect(await startSource({ files: path, format: 'csv' }, store).until(2)).toEqual([
    { id: '2', 'na\nme': null },
    { id: '3', 'na\nme': 'multi\nline' },
  ]);
});

test('delivers what stands in front of a bad record, then fails and names the place', async () => {
  const path = join(temporaryDirectory(), 'a.jsonl');
  writeFileSync(path, '{"a":1}\n{"a":\n{"a":3}\n');
  const source = startSource({ files: path, format: 'jsonl' });
  expect(await source.until(1)).toEqual([{ a: 1 }]);
  await expect(source.task.poll()).rejects.toThrow(`${path}, in front of byte 14: It is no JSON`);
  const skipping = startSource({ files: path, format: 'jsonl', 'bad.records': 'skip' });
  expect(await skipping.until(2)).toEqual([{ a: 1 }, { a: 3 }]);
  expect(skipping.lines.join('\n')).toContain('Skipped what is no record');
});

test('reads past a line of 256 MiB in little memory', { timeout: 60_000 }, async () => {
  const path = join(temporaryDirectory(), 'long.log');
  writeFileSync(path, 'first\n');
  const piece = Buffer.alloc(1 << 24, 'x');
  for (let count = 0; count < 16; count++) appendFileSync(path, piece);
  appendFileSync(path, '\nlast\n');
  const before = process.memoryUsage().arrayBuffers;
  const source = startSource({ files: path, 'bad.records': 'skip' });
  expect(await source.until(2)).toEqual(['first', 'last']);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20);
  const cutting = startSource({ files: path, 'truncate.long.lines': 'true', 'max.line.bytes': '1000' });
  expect(await cutting.until(3)).toEqual(['first', 'x'.repeat(1000), 'last']);
  const failing = startSource({ files: path });
  await failing.until(1);
  await expect(failing.task.poll()).rejects.toThrow('longer than 1048576 bytes');
});

test('names what cannot be read', async () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'sub.log'));
  await expect(startSource({ files: join(directory, 'sub.log') }).task.poll()).rejects.toThrow(
    `${join(directory, 'sub.log')} cannot be read: it is no file`,
  );
  writeFileSync(join(directory, 'a.log'), 'a\n');
  expect(await startSource({ files: join(directory, '*.log') }).until(1)).toEqual(['a']);
});

test('says who may not read what', () => {
  const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  expect(cannotRead('/var/log/secret.log', denied)).toMatchObject({
    message: expect.stringContaining('/var/log/secret.log cannot be read: the worker has no permission'),
    cause: denied,
  });
});

test('leaves out what it is told to', async () => {
  const directory = temporaryDirectory();
  for (const name of ['a.log', 'b.log', 'c.log.gz']) writeFileSync(join(directory, name), `${name}\n`);
  const source = startSource({ files: join(directory, '*'), 'files.exclude': `${directory}/b*,${directory}/**/*.gz` });
  await source.until(1);
  expect(await source.quiet()).toEqual(['a.log']);
});

test('reads a directory that is still empty, with more files than may be open', async () => {
  const directory = temporaryDirectory();
  const source = startSource({ files: join(directory, '**/*.log') });
  await source.quiet(2);
  for (let number = 0; number < 300; number++) {
    mkdirSync(join(directory, String(number)));
    writeFileSync(join(directory, String(number), 'a.log'), `one ${number}\nhal`);
  }
  await source.until(300);
  for (let number = 0; number < 300; number++)
    appendFileSync(join(directory, String(number), 'a.log'), `f ${number}\n`);
  expect(new Set(await source.until(600)).size).toBe(600);
  expect(await source.quiet()).toHaveLength(600);
});

test.each(['delete', 'move'])('%s: cleans a file up only after its offsets are committed', async (policy) => {
  const directory = temporaryDirectory();
  const path = join(directory, 'in', 'a.txt');
  const done = join(directory, 'done');
  mkdirSync(join(directory, 'in'));
  writeFileSync(path, 'one\ntwo\nlast');
  const config = {
    files: join(directory, 'in', '*.txt'),
    'complete.after.ms': '0',
    'cleanup.policy': policy,
    'cleanup.directory': done,
  };
  const store: Store = new Map();
  const source = startSource(config, store);
  expect(await source.until(3)).toEqual(['one', 'two', 'last']);
  await source.quiet();
  await source.commit(2);
  await source.quiet();
  expect(existsSync(path)).toBe(true);
  source.acknowledge();
  await source.quiet();
  expect(existsSync(path)).toBe(true);
  await source.commit();
  expect(existsSync(path)).toBe(false);
  const moved = policy === 'move' ? { 'a.txt': 'one\ntwo\nlast' } : {};
  expect(contentsIn(done)).toEqual(moved);
  expect(await source.quiet()).toHaveLength(3);
});

test('cleans up what was committed before a crash, and moves files of one name side by side', async () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'a.txt');
  const done = join(directory, 'done');
  const config = {
    files: path,
    'complete.after.ms': '0',
    'cleanup.policy': 'move',
    'cleanup.directory': done,
  };
  for (let round = 1; round <= 2; round++) {
    const store: Store = new Map();
    writeFileSync(path, `round ${round}\n`);
    const first = startSource(config, store);
    await first.until(1);
    for (const { sourcePartition, sourceOffset } of first.records) {
      if (sourcePartition !== null && sourceOffset !== null) store.set(sourcePartition.series, sourceOffset);
    }
    await first.close();
    const second = startSource(config, store);
    await second.until(() => !existsSync(path));
    expect(second.records).toEqual([]);
    await second.close();
  }
  expect(Object.values(contentsIn(done)).sort()).toEqual(['round 1\n', 'round 2\n']);
});

test('shares ten thousand files out over tasks, and reads each once', { timeout: 120_000 }, async () => {
  const directory = temporaryDirectory();
  const count = 10_000;
  for (let number = 0; number < count; number++) writeFileSync(join(directory, `f${number}.log`), `record ${number}\n`);
  const raw = { files: join(directory, '*.log'), topic: 't' };
  const signal = new AbortController().signal;
  const maps = await tasksOf(raw, 3, signal);
  expect(maps.map((map) => map['task.index'])).toEqual(['0', '1', '2']);
  const values: unknown[] = [];
  const store: Store = new Map();
  for (const map of maps) {
    const mine = Array.from({ length: count }, (_, number) => number).filter(
      (number) => taskOf(join(directory, `f${number}.log`), 3, 0) === Number(map['task.index']),
    );
    const source = startSource(map, store);
    values.push(...(await source.until(mine.length)));
    await source.commit();
    expect(mine.length).toBeGreaterThan(3000);
    await source.close();
  }
  expect(new Set(values).size).toBe(count);
  expect(values).toHaveLength(count);
  const again = startSource(raw, store);
  appendFileSync(join(directory, 'f77.log'), 'new\n');
  expect(await again.until(1)).toEqual(['new']);
});

test('gives each of a few files its own task', async () => {
  const directory = temporaryDirectory();
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  for (const name of names) writeFileSync(join(directory, `${name}.log`), '');
  writeFileSync(join(directory, 'a.log.1'), '');
  const raw = { files: join(directory, '*.log*'), topic: 't' };
  const maps = await tasksOf(raw, 20, new AbortController().signal);
  expect(maps).toHaveLength(7);
  const seed = Number(maps[0]?.['task.seed']);
  const tasks = names.map((name) => taskOf(join(directory, `${name}.log`), 7, seed));
  expect(new Set(tasks).size).toBe(7);
});

test('asks for other tasks when there are more files', async () => {
  const { watch } = await import('../src/file-source-shares.ts');
  const { parseConfig, silentLogger } = await import('@millrace/api');
  const directory = temporaryDirectory();
  const stop = new AbortController();
  const { config } = parseConfig(fileSource.config, {
    files: join(directory, '*.log'),
    topic: 't',
    'scan.interval.ms': '10',
  });
  let asked = 0;
  const reconfigure = () => {
    asked++;
  };
  const watching = watch({ config, log: silentLogger, signal: stop.signal, reconfigure });
  // The first ones may be there before it looks.
  for (let number = 0; asked === 0; number++) {
    writeFileSync(join(directory, `${number}.log`), '');
    await sleep(20);
  }
  stop.abort();
  await watching;
  expect(asked).toBeGreaterThan(0);
});

test('names every problem of a configuration at once', async () => {
  const { parseConfig } = await import('@millrace/api');
  const { config } = parseConfig(fileSource.config, {
    files: '/a',
    topic: 't',
    'csv.delimiter': ';;',
    'csv.columns': 'a',
    'cleanup.policy': 'move',
  });
  expect(fileSource.validate?.(config).map(({ key }) => key)).toEqual([
    'csv.delimiter',
    'cleanup.directory',
    'csv.columns',
  ]);
});

async function tasksOf(raw: Readonly<Record<string, string>>, max: number, signal: AbortSignal) {
  const { parseConfig } = await import('@millrace/api');
  const { config } = parseConfig(fileSource.config, raw);
  return (await fileSource.tasks?.({ config, raw, max, signal })) ?? [];
}

function contentsIn(directory: string): Record<string, string> {
  if (!existsSync(directory)) return {};
  return Object.fromEntries(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}
