import { describe, expect, test } from 'vitest';
import { createReader } from '../../src/index.ts';
import { readAll, readerDefaults } from './read-all.ts';

describe.each([1, 2, 3, 7, 1000])('with chunks of %i bytes', (chunk) => {
  test('cuts lines at line feeds, with or without a carriage return, and knows where each ends', () => {
    const { values, positions } = readAll('one\r\ntwo\n\nthré\nlast', {}, chunk);
    expect(values).toEqual(['one', 'two', '', 'thré', 'last']);
    expect(positions).toEqual([5, 9, 10, 16, 20]);
  });

  test('leaves out a byte order mark at the start of the file, and nowhere else', () => {
    expect(readAll('\ufeffa\n\ufeffb\n', {}, chunk).values).toEqual(['a', '\ufeffb']);
  });

  test('refuses a record that is too long, once, and goes on behind it', () => {
    const { values, positions } = readAll(`a\n${'x'.repeat(30)}\nb\n`, { maxBytes: 10 }, chunk);
    expect(values).toEqual(['a', 'The record at byte 2 is longer than 10 bytes.', 'b']);
    expect(positions.at(-1)).toBe(35);
  });

  test('lets the first bytes stand for a record that is too long, and cuts no character in two', () => {
    const { values, positions } = readAll(`${'é'.repeat(30)}\nb\n`, { maxBytes: 9, longRecords: 'truncate' }, chunk);
    expect(values).toEqual(['éééé', 'b']);
    expect(positions).toEqual([61, 63]);
  });

  test('counts the bytes of a line without its line end', () => {
    expect(readAll('1234567890\r\n1234567890\n', { maxBytes: 10 }, chunk).values).toEqual(['1234567890', '1234567890']);
  });
});

test('replaces what is not UTF-8 or refuses it, and goes on', () => {
  const bytes = Buffer.from([0x61, 0xff, 0x62, 0x0a, 0x63, 0x0a]);
  expect(readAll(bytes).values).toEqual(['a\ufffdb', 'c']);
  expect(readAll(bytes, { invalidUtf8: 'fail' }).values).toEqual(['It is not valid UTF-8.', 'c']);
});

test('goes on at a position when it is restarted there', () => {
  const reader = createReader(readerDefaults);
  reader.push(Buffer.from('first\nseco'));
  expect(reader.next()).toBe(true);
  expect(reader.next()).toBe(false);
  expect(reader.hasRest).toBe(true);
  reader.restart(reader.position);
  expect(reader.hasRest).toBe(false);
  reader.push(Buffer.from('second\n'));
  expect(reader.next()).toBe(true);
  expect([reader.value, reader.position]).toEqual(['second', 13]);
});

test('holds no more of an endless line than it may', () => {
  const reader = createReader({ ...readerDefaults, maxBytes: 1 << 20, longRecords: 'truncate' });
  const chunk = Buffer.alloc(1 << 18, 'x');
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  for (let count = 0; count < 1024; count++) {
    reader.push(chunk);
    expect(reader.next()).toBe(false);
    if (count % 64 === 0) most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  reader.push(Buffer.from('\nnext\n'));
  expect(reader.next()).toBe(true);
  expect((reader.value as string).length).toBe(1 << 20);
  expect(reader.next()).toBe(true);
  expect([reader.value, reader.position]).toEqual(['next', (1 << 28) + 6]);
  expect(most).toBeLessThan(16 << 20);
});

test('reads lines of JSON without a schema, with all digits, and leaves out blank lines', () => {
  const { values } = readAll('{"a":1}\n\n12345678901234567890\n{"__proto__":2}\n', { format: 'jsonl' });
  expect(values[0]).toEqual({ a: 1 });
  expect(values[1]).toBe(12345678901234567890n);
  expect(Object.keys(values[2] as object)).toEqual(['__proto__']);
});

test('says what is wrong with a line of JSON, and goes on', () => {
  expect(readAll('{"a":\n[1]\n', { format: 'jsonl' }).values).toEqual([expect.stringContaining('It is no JSON'), [1]]);
});
