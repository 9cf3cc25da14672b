import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type Store, startSource, temporaryDirectory } from './file-source-run.ts';

/** Lines that are all different, and long enough to tell one file from another. */
const linesOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index} ${'x'.repeat(40)}`);
const text = (from: number, to: number) =>
  linesOf(from, to)
    .map((line) => `${line}\n`)
    .join('');

test('reads a file that grows, and waits for the end of its last line', async () => {
  const path = join(temporaryDirectory(), 'app.log');
  const source = startSource({ files: path });
  expect(await source.quiet(2)).toEqual([]);
  writeFileSync(path, 'one\ntw');
  expect(await source.until(1)).toEqual(['one']);
  await source.quiet();
  appendFileSync(path, 'o\nthree\n');
  expect(await source.until(3)).toEqual(['one', 'two', 'three']);
});

test('goes on where the stored offset says', async () => {
  const path = join(temporaryDirectory(), 'app.log');
  const store: Store = new Map();
  writeFileSync(path, text(0, 10));
  const first = startSource({ files: path }, store);
  await first.until(10);
  await first.commit(4);
  await first.close();
  appendFileSync(path, text(10, 12));
  expect(await startSource({ files: path }, store).until(8)).toEqual(linesOf(4, 12));
});

describe.each(['app.log', 'app.log*'])('with the glob %s', (glob) => {
  test('finishes a file that was renamed before it reads the new one, last line included', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'app.log');
    writeFileSync(path, text(0, 5));
    const source = startSource({ files: join(directory, glob), 'rotated.wait.ms': '150' });
    await source.until(5);
    renameSync(path, `${path}.1`);
    writeFileSync(path, text(8, 10));
    await source.quiet(3);
    appendFileSync(`${path}.1`, `${text(5, 7)}${linesOf(7, 8)[0]}`);
    expect(await source.until(10)).toEqual(linesOf(0, 10));
    expect(await source.quiet()).toHaveLength(10);
  });

  test('finds the renamed file after a restart, finishes it, and reads nothing twice', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'app.log');
    const store: Store = new Map();
    writeFileSync(path, text(0, 5));
    const first = startSource({ files: join(directory, glob) }, store);
    await first.until(5);
    await first.commit(3);
    await first.close();
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, text(5, 7));
    writeFileSync(path, text(7, 9));
    const second = startSource({ files: join(directory, glob) }, store);
    expect(await second.until(6)).toEqual(linesOf(3, 9));
    await second.commit();
    await second.close();
    const third = startSource({ files: join(directory, glob) }, store);
    expect(await third.quiet()).toEqual([]);
  });

  test('reads on in the copy of a file that was truncated, then from the start', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'app.log');
    writeFileSync(path, text(0, 20));
    const source = startSource({ files: join(directory, glob) });
    await source.until(20);
    appendFileSync(path, text(20, 22));
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
    appendFileSync(path, text(22, 24));
    expect(await source.until(24)).toEqual(linesOf(0, 24));
    expect(await source.quiet()).toHaveLength(24);
    expect(source.lines.join('\n')).toContain('File was truncated');
  });

  test('does so after a restart too', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'app.log');
    const store: Store = new Map();
    writeFileSync(path, text(0, 20));
    const first = startSource({ files: join(directory, glob) }, store);
    await first.until(20);
    await first.commit(15);
    await first.close();
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
    appendFileSync(path, text(20, 22));
    const second = startSource({ files: join(directory, glob) }, store);
    expect(await second.until(7)).toEqual(linesOf(15, 22));
    expect(await second.quiet()).toHaveLength(7);
  });
});

test('survives ten rotations with compression, and a restart after each, and reads each line once', async () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'app.log');
  const files = `${path}*`;
  const store: Store = new Map();
  const got: unknown[] = [];
  for (let round = 0; round < 10; round++) {
    // As logrotate does it: .2.gz becomes .3.gz, .1 is compressed to .2.gz, the log becomes .1, a new log is begun.
    for (let number = round; number >= 2; number--) rename(`${path}.${number}.gz`, `${path}.${number + 1}.gz`);
    if (round >= 2) {
      execFileSync('gzip', [`${path}.1`]);
      renameSync(`${path}.1.gz`, `${path}.2.gz`);
    }
    if (round >= 1) renameSync(path, `${path}.1`);
    writeFileSync(path, text(round * 10, round * 10 + 10));
    const source = startSource({ files }, store);
    // Every other time the last lines are left to the next run.
    const wanted = (round + 1) * 10 - (round % 2 === 0 ? 0 : 4) - got.length;
    await source.until(wanted);
    await source.commit(wanted);
    got.push(...source.values().slice(0, wanted));
    await source.close();
  }
  const last = startSource({ files }, store);
  const rest = await last.until(4);
  expect([...got, ...rest]).toEqual(linesOf(0, 100));
  expect(await last.quiet()).toHaveLength(4);
});

test('takes up a compressed copy while it runs, and does not read it again', async () => {
  const directory = temporaryDirectory();
  const path = join(directory, 'app.log');
  writeFileSync(path, text(0, 10));
  const source = startSource({ files: `${path}*` });
  await source.until(10);
  renameSync(path, `${path}.1`);
  writeFileSync(path, text(10, 12));
  await source.until(12);
  execFileSync('gzip', [`${path}.1`]);
  await source.quiet();
  appendFileSync(path, text(12, 13));
  expect(await source.until(13)).toEqual(linesOf(0, 13));
});

test('reads a file that took the inode of a deleted one from its start, and says so', async () => {
  const path = join(temporaryDirectory(), 'app.log');
  const store: Store = new Map();
  writeFileSync(path, text(0, 5));
  const first = startSource({ files: path }, store);
  await first.until(5);
  await first.commit();
  await first.close();
  // Written anew in place: the inode stays, and the file is longer than before.
  writeFileSync(path, text(100, 110));
  const second = startSource({ files: path }, store);
  expect(await second.until(10)).toEqual(linesOf(100, 110));
  expect(second.lines.join('\n')).toContain('truncated or replaced');
});

test('notices that a running file was written anew with as many bytes', async () => {
  const path = join(temporaryDirectory(), 'app.log');
  writeFileSync(path, text(100, 105));
  const source = startSource({ files: path });
  await source.until(5);
  writeFileSync(path, text(200, 206));
  expect(await source.until(11)).toEqual([...linesOf(100, 105), ...linesOf(200, 206)]);
});

test('finishes a file that was deleted while it is open', async () => {
  const path = join(temporaryDirectory(), 'app.log');
  writeFileSync(path, text(0, 3));
  const source = startSource({ files: path });
  await source.until(3);
  appendFileSync(path, text(3, 5));
  rmSync(path);
  writeFileSync(path, text(5, 6));
  expect(await source.until(6)).toEqual(linesOf(0, 6));
});

test('reads files with dates in their names oldest first', async () => {
  const directory = temporaryDirectory();
  for (const day of [3, 1, 2]) writeFileSync(join(directory, `app-2026-01-0${day}.log`), text(day, day + 1));
  for (const day of [1, 2, 3]) {
    execFileSync('touch', ['-d', `2026-01-0${day}`, join(directory, `app-2026-01-0${day}.log`)]);
  }
  const source = startSource({ files: join(directory, '*.log') });
  expect(await source.until(3)).toEqual(linesOf(1, 4));
  expect(new Set(source.records.map(({ sourcePartition }) => sourcePartition)).size).toBe(1);
});

test('reads all members of a compressed file, a last line without an end too', async () => {
  const path = join(temporaryDirectory(), 'a.txt.gz');
  const store: Store = new Map();
  writeFileSync(path, Buffer.concat([gzipSync('one\ntw'), gzipSync('o\nthree')]));
  const first = startSource({ files: path }, store);
  expect(await first.until(3)).toEqual(['one', 'two', 'three']);
  await first.commit(1);
  await first.close();
  expect(await startSource({ files: path }, store).until(2)).toEqual(['two', 'three']);
});

test('waits for the rest of a compressed file that is still written', async () => {
  const path = join(temporaryDirectory(), 'a.txt.gz');
  const whole = gzipSync(text(0, 1000), { level: 0 });
  writeFileSync(path, whole.subarray(0, 20_000));
  const source = startSource({ files: path });
  await source.quiet(3);
  const before = source.records.length;
  expect(before).toBeGreaterThan(0);
  writeFileSync(path, whole);
  expect(await source.until(1000)).toEqual(linesOf(0, 1000));
});

function rename(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
