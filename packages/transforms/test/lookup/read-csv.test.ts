import { DataError } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../../src/lookup/read-csv.ts';

const read = (text: string, delimiter = ',') => [...readCsv(Buffer.from(text), delimiter)].map(({ fields }) => fields);

describe('reading CSV', () => {
  it.each([
    [
      'lines that end as on Unix, on Windows, or with the file',
      'a,b\nc,d\r\ne,f',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
      ],
    ],
    ['nothing between delimiters as null, and empty quotes as the empty text', ',"",\n', [[null, '', null]]],
    ['delimiters, quotes and line ends inside of quotes', '"a,""b""\r\nc",d\r\n', [['a,"b"\r\nc', 'd']]],
    ['one empty quoted field as a row', '""\n', [['']]],
    ['no row for an empty line', 'a\n\n\r\nb\n', [['a'], ['b']]],
    ['letters of any language, behind a byte order mark', '\ufeffä,日本\n', [['ä', '日本']]],
    ['a carriage return inside of a line as text', 'a\rb,c\n', [['a\rb', 'c']]],
    ['nothing at all', '', []],
    ['a quote that does not open a field as text', 'a"b,c\n', [['a"b', 'c']]],
    ['a delimiter at the very end', 'a,', [['a', null]]],
  ])('takes %s', (_, text, rows) => {
    expect(read(text)).toEqual(rows);
  });

  it('takes a carriage return behind a closing quote at the end of a line and of the file', () => {
    expect(read('"a"\r\n"b"\r')).toEqual([['a'], ['b']]);
  });

  it('takes other delimiters', () => {
    expect(read('a;b,c\td\n', ';')).toEqual([['a', 'b,c\td']]);
  });

  it('counts lines through quotes', () => {
    expect([...readCsv(Buffer.from('h\n"a\nb"\nc\n'), ',')].map(({ line }) => line)).toEqual([1, 2, 4]);
  });

  it.each([
    ['a quote is never closed', 'a\n"b\nc', 'Line 2: a quote is opened and never closed.'],
    ['text follows a closing quote', 'a\n"b"c,d', 'Line 2: there is text behind a closing quote.'],
    [
      'a carriage return follows a closing quote and ends no line',
      'id,v\nk,"v"\rk2,v2\n',
      'Line 2: there is text behind a closing quote.',
    ],
  ])('says in which line %s', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(DataError);
  });
});
