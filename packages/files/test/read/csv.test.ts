import { Schema } from '@millrace/api';
import { describe, expect, test } from 'vitest';
import { createReader } from '../../src/index.ts';
import { readAll, readerDefaults } from './read-all.ts';

const csv = (text: string, chunk = 5, options = {}) =>
  readAll(text, { format: 'csv', csv: { delimiter: ',', header: true, ...options } }, chunk);

describe.each([1, 2, 5, 1000])('with chunks of %i bytes', (chunk) => {
  test('reads rows by the names in the header; nothing is null and an empty text is one', () => {
    expect(csv('id,name\r\n1,Ann\r\n2,\r\n3,""\r\n', chunk).values).toEqual([
      { id: '1', name: 'Ann' },
      { id: '2', name: null },
      { id: '3', name: '' },
    ]);
  });

  test('takes delimiters, line ends and doubled quotes within quotes', () => {
    const text = 'id,text\n1,"a,b"\n2,"line\nfeed\r\nand ""quotes"""\n3,5" pipe\n4,plain\n';
    expect(csv(text, chunk).values).toEqual([
      { id: '1', text: 'a,b' },
      { id: '2', text: 'line\nfeed\r\nand "quotes"' },
      { id: '3', text: '5" pipe' },
      { id: '4', text: 'plain' },
    ]);
  });

  test('leaves out the byte order mark and blank lines, also in front of a quoted header', () => {
    expect(csv('\ufeff"i\nd",name\n\n1,x\n', chunk).values).toEqual([{ 'i\nd': '1', name: 'x' }]);
  });

  test('goes on behind a row that is wrong', () => {
    expect(csv('a,b\n1\n"x"y,2\n3,4\n', chunk).values).toEqual([
      'The row has 1 fields and the file 2 columns.',
      'There is text behind the closing quote of field 1.',
      { a: '3', b: '4' },
    ]);
  });

  test('refuses a quoted field that never ends once it is too long', () => {
    const { values } = readAll(`a\n"${'x\n'.repeat(40)}`, { format: 'csv', maxBytes: 20 }, chunk);
    expect(values).toEqual(['The record at byte 2 is longer than 20 bytes.']);
  });
});

test('names columns by number where there is no header, or as it is told', () => {
  expect(csv('1,2\n', 5, { header: false }).values).toEqual([{ column1: '1', column2: '2' }]);
  expect(csv('1,2\n', 5, { header: false, columns: ['a', 'b'] }).values).toEqual([{ a: '1', b: '2' }]);
});

test('reads other delimiters', () => {
  expect(csv('a\tb\n\t"x\ty"\n', 5, { delimiter: '\t' }).values).toEqual([{ a: null, b: 'x\ty' }]);
});

test('gives every row the schema of the header', () => {
  const reader = createReader({ ...readerDefaults, format: 'csv' });
  expect(reader.needsStart).toBe(true);
  reader.push(Buffer.from('a,b\n1,2\n'));
  reader.next();
  const text = Schema.string.asOptional();
  expect(reader.schema).toBe(Schema.struct({ a: text, b: text }));
  expect(reader.needsStart).toBe(false);
});

test('refuses a header that names two columns alike', () => {
  expect(csv('a,a\n').values[0]).toBe('Two columns of the CSV file have the name "a"; give each its own.');
});
