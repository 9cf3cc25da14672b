import { existsSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseConfig } from '@millrace/api';
import { expect, test } from 'vitest';
import { fileSource } from '../src/file-source.ts';
import { longestKnown } from '../src/file-source-series.ts';
import { type Store, startSource, temporaryDirectory } from './file-source-run.ts';

test('reads every file, though each has the inode and the content of a deleted one', async () => {
  const directory = temporaryDirectory();
  const config = { files: join(directory, 'in-*.csv'), 'cleanup.policy': 'delete', 'complete.after.ms': '0' };
  const source = startSource(config);
  for (let day = 1; day <= 5; day++) {
    const path = join(directory, `in-2026010${day}.csv`);
    writeFileSync(path, 'id,name\n1,a\n');
    await source.until(2 * day);
    await source.quiet();
    await source.commit();
    expect(existsSync(path)).toBe(false);
  }
  expect(await source.quiet()).toHaveLength(10);
});

test.each(['a.txt', 'a.txt.gz'])('reads %s again that was deleted and made anew by others', async (name) => {
  const path = join(temporaryDirectory(), name);
  const content = name.endsWith('.gz') ? gzipSync('a\nb\n') : 'a\nb\n';
  const source = startSource({ files: path, 'complete.after.ms': '0' });
  writeFileSync(path, content);
  await source.until(2);
  await source.quiet();
  rmSync(path);
  writeFileSync(path, content);
  expect(await source.until(4)).toEqual(['a', 'b', 'a', 'b']);
});

test('goes on from an offset that has inodes alone', async () => {
  const path = join(temporaryDirectory(), 'a.log');
  const store: Store = new Map();
  writeFileSync(path, 'one\ntwo\n');
  const first = startSource({ files: path }, store);
  await first.until(2);
  await first.commit(1);
  await first.close();
  const stored = store.get(path);
  if (stored === undefined) throw new Error('Nothing is stored.');
  store.set(path, { ...stored, inode: String(statSync(path).ino) });
  const second = startSource({ files: path }, store);
  await second.until(1);
  expect(await second.quiet()).toEqual(['two']);
});

test('passes over what nobody asked for and cannot be read, and no other', async () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'app.log');
  writeFileSync(path, 'a\n');
  symlinkSync(`${path}.9`, `${path}.9`);
  expect(await startSource({ files: path }).until(1)).toEqual(['a']);
  await expect(startSource({ files: `${path}.9` }).task.poll()).rejects.toThrow(`${path}.9 cannot be read`);
});

test.runIf(process.geteuid?.() === 0)('passes over a sibling without permission', async () => {
  const path = join(temporaryDirectory(), 'app.log');
  writeFileSync(path, 'a\n');
  writeFileSync(`${path}.1`, 'secret\n', { mode: 0o600 });
  const { chmodSync } = await import('node:fs');
  chmodSync(join(path, '..'), 0o755);
  process.seteuid?.(65534);
  try {
    const source = startSource({ files: path });
    await source.until(1);
    expect(await source.quiet()).toEqual(['a']);
  } finally {
    process.seteuid?.(0);
  }
});

test('reads a file once that a symbolic link leads to as well', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'app.log'), 'a\n');
  symlinkSync(join(directory, 'app.log'), join(directory, 'latest.log'));
  const source = startSource({ files: join(directory, '*.log') });
  await source.until(1);
  expect(await source.quiet()).toEqual(['a']);
  expect(await startSource({ files: join(directory, 'latest.log') }).until(1)).toEqual(['a']);
});

test.each([
  ['/in/**/*.csv', '/in/done', '', true],
  ['/in/**', '/in/done', '', true],
  ['/in/*.csv', '/in', '', true],
  ['/in/a.csv', '/in', '', true],
  ['/in/*.csv', '/in/done', '', false],
  ['/in/**/*.csv', '/in/done', '/in/done/**', false],
  ['/in/**/*.csv', '/done', '', false],
])('files=%s with cleanup.directory=%s and files.exclude=%s: refused: %s', (files, directory, exclude, isRefused) => {
  const raw = { files, topic: 't', 'cleanup.policy': 'move', 'cleanup.directory': directory, 'files.exclude': exclude };
  const { config } = parseConfig(fileSource.config, raw);
  expect(fileSource.validate?.(config).map(({ key }) => key)).toEqual(isRefused ? ['cleanup.directory'] : []);
});

test('fails before an offset has more files in it than Kafka takes', async () => {
  const path = join(temporaryDirectory(), 'app.log');
  const contents = Array.from({ length: longestKnown / 24 }, (_, inode) => `${inode}-1:0123456789abcdef:4:4:4:`);
  writeFileSync(path, 'a\n');
  const offset = { file: 'app.log', inode: '', head: '0', headBytes: 0, position: 0, known: contents.join(' ') };
  const source = startSource({ files: path }, new Map([[path, offset]]));
  await expect(source.task.poll()).rejects.toThrow('more than its offset can hold');
});

test('leaves a corrupt compressed file where it is told to skip, and reads the others', async () => {
  const directory = temporaryDirectory();
  const lines = Array.from({ length: 50_000 }, (_, index) => `${(index * 2_654_435_761) % 4_294_967_296}\n`).join('');
  const bytes = gzipSync(lines);
  bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 64);
  mkdirSync(join(directory, 'in'));
  writeFileSync(join(directory, 'in', 'a.txt.gz'), bytes);
  writeFileSync(join(directory, 'in', 'b.txt'), 'ok\n');
  const files = join(directory, 'in', '*');
  const skipping = startSource({ files, 'bad.records': 'skip' });
  await skipping.until(() => skipping.values().includes('ok') && skipping.lines.length > 0);
  const count = skipping.records.length;
  expect(await skipping.quiet()).toHaveLength(count);
  expect(skipping.lines.join('\n')).toContain('Skipped the rest of a corrupt file');
  const failing = startSource({ files });
  await expect(failing.quiet(100)).rejects.toThrow('cannot be decompressed');
});
