import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeJavaMap, encodeJavaMap, type JavaMapEntry } from '../../src/offsets/file-java-map.ts';

const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'fixtures', name));
const texts = (entries: readonly JavaMapEntry[]) =>
  entries.map(({ key, value }) => [key?.toString(), value?.toString() ?? null]);
const entry = (key: string, value: string | null): JavaMapEntry => ({
  key: Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
});

describe("Java's map of bytes, as Kafka Connect 4.3.1 wrote it", () => {
  it('is read', () => {
    expect(texts(decodeJavaMap(fixture('no-offsets.bin')))).toEqual([]);
    expect(texts(decodeJavaMap(fixture('three-offsets.bin')))).toEqual([
      ['["gone",{"filename":"/data/old.txt"}]', null],
      ['["lines",{"filename":"/data/in.txt"}]', '{"position":120}'],
      ['["größe",{"schema":"public","table":"a"}]', '{"lsn":9223372036854775807,"snapshot":true}'],
    ]);
    const forty = texts(decodeJavaMap(fixture('forty-offsets.bin'))).map(([, value]) => value);
    expect(new Set(forty)).toEqual(new Set(Array.from({ length: 40 }, (_, i) => `{"o":${i * 10}}`)));
  });

  it.each(['no-offsets.bin', 'three-offsets.bin', 'forty-offsets.bin'])('is written byte for byte: %s', (name) => {
    const bytes = fixture(name);
    expect(encodeJavaMap(decodeJavaMap(bytes)).toString('hex')).toBe(bytes.toString('hex'));
  });

  it('is refused at the place where the bytes are something else', () => {
    const bytes = fixture('three-offsets.bin');
    const reading = (broken: Buffer) => () => decodeJavaMap(broken);
    expect(reading(Buffer.alloc(0))).toThrow('the header of a Java object stream was expected near byte 0 of 0');
    expect(reading(Buffer.from('{"a":1}'))).toThrow('the header of a Java object stream was expected');
    expect(reading(bytes.subarray(0, 200))).toThrow(/ expected near byte \d+ of 200$/);
    expect(reading(bytes.subarray(0, -1))).toThrow('the end of the map was expected near byte 321 of 321');
    expect(reading(Buffer.concat([bytes, Buffer.of(0)]))).toThrow(
      'the end of the file was expected near byte 322 of 323',
    );
  });

  it('is refused or read, however it is damaged', () => {
    const bytes = fixture('three-offsets.bin');
    const refusals: string[] = [];
    for (let position = 0; position < bytes.length; position++) {
      for (const change of [1, 0x80, 0xff]) {
        const broken = Buffer.from(bytes);
        broken[position] = broken[position]! ^ change;
        try {
          decodeJavaMap(broken);
        } catch (error) {
          refusals.push((error as Error).message);
        }
      }
    }
    expect(refusals.length).toBeGreaterThan(300);
    expect(refusals.filter((message) => !/ was expected near byte \d+ of 322$/.test(message))).toEqual([]);
  });
});

const javaMissing = (() => {
  try {
    execFileSync('javac', ['-version'], { stdio: 'ignore' });
    return false;
  } catch {
    return true;
  }
})();

describe.skipIf(javaMissing)('with Java itself', { timeout: 60_000 }, () => {
  let directory: string;
  const java = (...args: readonly string[]): string =>
    execFileSync('java', ['-Xmx64m', '-XX:TieredStopAtLevel=1', '-cp', directory, 'Offsets', ...args], {
      encoding: 'utf8',
    });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-java-map-'));
    execFileSync('javac', ['-d', directory, join(import.meta.dirname, 'fixtures', 'Offsets.java')]);
  }, 60_000);
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('reads what Java writes, with values that are one object', () => {
    const file = join(directory, 'java.offsets');
    java('write', file, '13');
    const read = new Map(texts(decodeJavaMap(readFileSync(file))).map(([key, value]) => [key, value]));
    expect(read.size).toBe(13);
    for (let i = 0; i < 13; i++) {
      const position = i % 3 === 0 ? '{"position":7}' : i % 3 === 1 ? `{"position":${i}}` : null;
      expect(read.get(`["java",{"file":${i}}]`)).toBe(position);
    }
  });

  it.each([0, 1, 12, 13, 1000])('writes what Java reads and writes in the same way: %i entries', async (count) => {
    const file = join(directory, 'ours.offsets');
    const entries = Array.from({ length: count }, (_, i) =>
      entry(`["é",{"p":${i}}]`, i % 5 === 4 ? null : `{"o":${i}}`),
    );
    await writeFile(file, encodeJavaMap(entries));
    const lines = java('print', file).split('\n').filter(Boolean);
    const read = lines.map((line) =>
      line.split(' ').map((hex) => (hex === 'null' ? null : Buffer.from(hex, 'hex').toString())),
    );
    expect(read).toHaveLength(count);
    expect(new Set(read)).toEqual(new Set(texts(entries)));
    const copy = join(directory, 'copy.offsets');
    java('copy', file, copy);
    const bytes = readFileSync(copy);
    // Java's order is that of addresses: in that order, ours are the same bytes.
    expect(encodeJavaMap(decodeJavaMap(bytes)).equals(bytes)).toBe(true);
  });
});
