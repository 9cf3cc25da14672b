import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, link, mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@millrace/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeJavaMap, encodeJavaMap } from '../../src/offsets/file-java-map.ts';
import { createFileOffsetStore } from '../../src/offsets/file-offset-store.ts';
import type { OffsetStore } from '../../src/offsets/offset-store.ts';

let directory: string;
let file: string;
let lines: string[];
const stores: OffsetStore[] = [];

async function open(path = file): Promise<OffsetStore> {
  const push = (message: string) => void lines.push(message);
  const store = createFileOffsetStore({ file: path, log: { ...silentLogger, info: push, warn: push } });
  stores.push(store);
  await store.start();
  return store;
}

const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name);
const stored = () =>
  decodeJavaMap(readFileSync(file)).map(({ key, value }) => [key?.toString(), value?.toString() ?? null]);

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-offsets-'));
  file = join(directory, 'connect.offsets');
  lines = [];
});

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  await rm(directory, { recursive: true, force: true });
});

describe('offsets in a file', () => {
  it('begin anew without a file, and are there again after a restart', async () => {
    const store = await open();
    expect(lines).toEqual([`There are no offsets in ${file} yet: sources begin anew.`]);
    expect(await store.read('lines', [{ filename: 'a' }])).toEqual([null]);
    await store.write('lines', [
      { partition: { filename: 'a' }, offset: { position: 10n } },
      { partition: { filename: 'b' }, offset: { position: 20n } },
    ]);
    await store.write('other', [{ partition: { filename: 'a' }, offset: { position: 30n } }]);
    await store.close();
    const again = await open();
    expect(await again.read('lines', [{ filename: 'b' }, { filename: 'a' }, { filename: 'c' }])).toEqual([
      { position: 20n },
      { position: 10n },
      null,
    ]);
    expect(await again.readAll('other')).toEqual([{ partition: { filename: 'a' }, offset: { position: 30n } }]);
    expect(await readdir(directory)).toEqual(['connect.offsets']);
  });

  it('are read as Kafka Connect wrote them, and found by meaning', async () => {
    copyFileSync(fixture('three-offsets.bin'), file);
    const store = await open();
    expect(await store.read('größe', [{ table: 'a', schema: 'public' }])).toEqual([
      { lsn: 9223372036854775807n, snapshot: true },
    ]);
    await store.write('größe', [{ partition: { table: 'a', schema: 'public' }, offset: { lsn: 1n } }]);
    expect(stored()).toEqual([
      ['["lines",{"filename":"/data/in.txt"}]', '{"position":120}'],
      ['["größe",{"schema":"public","table":"a"}]', '{"lsn":1}'],
    ]);
  });

  it('have one key for each meaning once they are written', async () => {
    const entries = ['["c",{"schema":"s","table":"t"}]', '["c",{"table":"t","schema":"s"}]'];
    writeFileSync(
      file,
      encodeJavaMap(entries.map((key) => ({ key: Buffer.from(key), value: Buffer.from('{"o":1}') }))),
    );
    const store = await open();
    await store.write('c', [{ partition: { schema: 's', table: 't' }, offset: { o: 2n } }]);
    expect(stored().map(([, value]) => value)).toEqual(['{"o":2}']);
  });

  it('are forgotten', async () => {
    copyFileSync(fixture('three-offsets.bin'), file);
    const store = await open();
    await store.write('lines', [{ partition: { filename: '/data/in.txt' }, offset: null }]);
    expect(await store.readAll('lines')).toEqual([]);
    expect(stored().map(([key]) => key)).toEqual(['["größe",{"schema":"public","table":"a"}]']);
  });

  it('keep what is no offset beside them', async () => {
    const entries = [
      { key: Buffer.from('?'), value: Buffer.from('!') },
      { key: null, value: null },
    ];
    writeFileSync(file, encodeJavaMap(entries));
    const store = await open();
    expect(lines).toEqual([`2 entries of ${file} are no offsets of sources; they are kept as they are.`]);
    await store.write('c', [{ partition: { p: 'a' }, offset: { o: 1n } }]);
    expect(stored()).toEqual([
      ['?', '!'],
      [undefined, null],
      ['["c",{"p":"a"}]', '{"o":1}'],
    ]);
  });

  it('of many writes at once take few files', async () => {
    const store = await open();
    const writes = Array.from({ length: 500 }, (_, i) =>
      store.write('c', [{ partition: { p: String(i % 100) }, offset: { o: BigInt(i) } }]),
    );
    await writes[0];
    const afterFirst = stored().length;
    await Promise.all(writes);
    expect(afterFirst).toBe(1);
    expect(stored()).toHaveLength(100);
    expect(await store.read('c', [{ p: '99' }])).toEqual([{ o: 499n }]);
  });

  it('are written before the store is closed, and not after', async () => {
    const store = await open();
    const write = store.write('c', [{ partition: { p: 'a' }, offset: { o: 1n } }]);
    await Promise.all([store.close(), store.close()]);
    await write;
    expect(stored()).toHaveLength(1);
    await expect(store.write('c', [{ partition: { p: 'a' }, offset: { o: 2n } }])).rejects.toThrow(
      `Offsets cannot be written to ${file}: the store is closed.`,
    );
  });

  it('keep the mode of the file, and a link to it', async () => {
    const real = join(directory, 'real');
    copyFileSync(fixture('no-offsets.bin'), real);
    await chmod(real, 0o600);
    await symlink(real, file);
    const store = await open();
    await store.write('c', [{ partition: { p: 'a' }, offset: { o: 1n } }]);
    expect((await stat(real)).mode & 0o777).toBe(0o600);
    expect(stored()).toHaveLength(1);
  });

  it('survive a crash that left half of a file beside them', async () => {
    copyFileSync(fixture('three-offsets.bin'), file);
    writeFileSync(`${file}.tmp`, readFileSync(file).subarray(0, 100));
    const store = await open();
    expect(await store.readAll('lines')).toHaveLength(1);
    await store.write('lines', [{ partition: { filename: 'b' }, offset: { position: 1n } }]);
    expect(await readdir(directory)).toEqual(['connect.offsets']);
  });
});

describe('a worker is not started', () => {
  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['half of a file', readFileSync(fixture('forty-offsets.bin')).subarray(0, 1000)],
    ['something else', Buffer.from('{"position":1}')],
    ['noise', randomBytes(100)],
  ])('with %s as offsets', async (_, bytes) => {
    writeFileSync(file, bytes);
    await expect(open()).rejects.toThrow(`The offsets file ${file} holds no offsets that can be read: `);
    await expect(open()).rejects.toThrow('Put back a copy of it; or remove it');
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  it('without the directory, or with a directory as the file', async () => {
    const missing = join(directory, 'missing');
    await expect(open(join(missing, 'x'))).rejects.toThrow(
      `The offsets file ${join(missing, 'x')} cannot be kept: its directory ${missing} is not there or not writable (ENOENT`,
    );
    await mkdir(missing);
    await expect(open(missing)).rejects.toThrow(`The offsets file ${missing} could not be read: EISDIR`);
  });
});

describe('a write fails', () => {
  it('when somebody else has written the file, and writes nothing over it', async () => {
    const one = await open();
    const two = await open();
    await one.write('c', [{ partition: { p: 'a' }, offset: { o: 1n } }]);
    const write = two.write('c', [{ partition: { p: 'a' }, offset: { o: 2n } }]);
    await expect(write).rejects.toThrow(`The offsets file ${file} was changed by somebody else. Give each worker`);
    expect(stored()).toEqual([['["c",{"p":"a"}]', '{"o":1}']]);
    expect(await two.read('c', [{ p: 'a' }])).toEqual([null]);
  });

  it('when it cannot be stored, keeps what was there, and goes on later', async () => {
    copyFileSync(fixture('three-offsets.bin'), file);
    const store = await open();
    await mkdir(`${file}.tmp`);
    await link(file, join(directory, 'copy'));
    const entry = { partition: { filename: 'b' }, offset: { position: 1n } };
    await expect(store.write('lines', [entry])).rejects.toThrow(
      `The offsets file ${file} could not be written: EISDIR`,
    );
    expect(await store.readAll('lines')).toHaveLength(1);
    expect(stored()).toHaveLength(3);
    await rm(`${file}.tmp`, { recursive: true });
    await store.write('lines', [entry]);
    expect(stored()).toHaveLength(3);
    expect(await store.readAll('lines')).toHaveLength(2);
  });
});
