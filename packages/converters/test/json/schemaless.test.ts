import { DataError, Decimal, fromBytes, toBytes } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { createJsonConverter } from '../../src/index.ts';

const converter = createJsonConverter({ schemasEnable: false });
const read = (json: string | Buffer) => fromBytes(converter, 't', Buffer.from(json as string)).value;
const write = (value: unknown) => toBytes(converter, 't', null, value)?.toString();

describe('JSON without a schema', () => {
  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['-9223372036854775809', -9223372036854775809n],
    ['0000000000000000000012', 12],
    ['123456789012345678901234567890', 123456789012345678901234567890n],
    ['1.2345678901234567', 1.2345678901234567],
    ['12345678901234567.5', 12345678901234568],
    ['1e20', 1e20],
    ['-0', 0],
    ['-0.0', 0],
    ['01', 1],
    ['{} trailing', {}],
    ['', null],
    [' \n', null],
  ])('reads %s', (json, value) => {
    expect(read(json)).toStrictEqual(value);
  });

  it('finds large integers wherever they stand', () => {
    for (let blanks = 0; blanks < 40; blanks++) {
      const json = `{"a":${' '.repeat(blanks)}[1,{"b":1234567890123456789}],"c":0.12345678901234567890}`;
      expect(read(json)).toEqual({ a: [1, { b: 1234567890123456789n }], c: 0.12345678901234568 });
    }
  });

  it('takes the names of every field as data', () => {
    const value = read('{"__proto__":{"polluted":true},"constructor":1,"big":12345678901234567890}') as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor', 'big']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(write(value)).toBe('{"__proto__":{"polluted":true},"constructor":1,"big":12345678901234567890}');
  });

  it('reads UTF-16, UTF-32 and a byte order mark', () => {
    const json = '{"é":"😀"}';
    const utf16 = Buffer.from(json, 'utf16le');
    const utf32 = Buffer.concat(
      Array.from(json, (letter) => Buffer.from(Uint32Array.of(letter.codePointAt(0) ?? 0).buffer)),
    );
    const texts = [
      utf16,
      Buffer.from(utf16).swap16(),
      utf32,
      Buffer.from(`\ufeff${json}`),
      Buffer.from(`\ufeff${json}`, 'utf16le'),
    ];
    for (const bytes of texts) expect(fromBytes(converter, 't', bytes).value).toEqual({ é: '😀' });
  });

  it.each(['{', 'nul', 'NaN', "'a'", '[1,]', '+1', '.5', '1.', '1e', '"\\x"', '"\u0001"', '0x10', '{"a" 1}', '1,2'])(
    'refuses %s',
    (json) => {
      expect(() => read(json)).toThrow(DataError);
    },
  );

  it('refuses bytes that are no text', () => {
    expect(() => fromBytes(converter, 't', Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toThrow('no UTF-8 text');
    expect(read('"\ufffd"')).toBe('\ufffd');
  });

  it('reads 1000 levels and refuses one more', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(write(read(nested(1000)))).toBe(nested(1000));
    expect(() => read(nested(1001))).toThrow('at most 1000 levels');
    expect(read(`"${'['.repeat(2000)}"`)).toBe('['.repeat(2000));
  });

  it.each([
    [{ a: 1, b: [true, null, undefined], c: 'x"y' }, '{"a":1,"b":[true,null,null],"c":"x\\"y"}'],
    [{}, '{}'],
    [[], '[]'],
    [[1.5, 1e21, 1e-7, Number.NaN, -0], '[1.5,1.0E21,1.0E-7,"NaN",-0.0]'],
    [9007199254740993n, '9007199254740993'],
    [new Map([['a', new Map([['b', 1n]])]]), '{"a":{"b":1}}'],
    [
      new Map<unknown, unknown>([
        [1, 'a'],
        ['b', 2],
      ]),
      '[[1,"a"],["b",2]]',
    ],
    [{ bytes: Buffer.from([1, 2]) }, '{"bytes":"AQI="}'],
    ['\ud83d\ude00 \ud800 \u007f /', '"\\uD83D\\uDE00 \\uD800 \u007f /"'],
    ['long '.repeat(40), `"${'long '.repeat(40)}"`],
    ['long\n'.repeat(40), `"${'long\\n'.repeat(40)}"`],
    ['länger '.repeat(40), `"${'länger '.repeat(40)}"`],
  ])('writes %o', (value, json) => {
    expect(write(value)).toBe(json);
  });

  it.each([
    ['a Date', { at: new Date(0) }, 'at at'],
    ['a Decimal', [new Decimal(1n, 0)], 'at [0]'],
    ['a function', { deep: [{ f: () => 0 }] }, 'at deep[0].f'],
  ])('refuses to write %s, and says where it is', (_what, value, where) => {
    expect(() => write(value)).toThrow(where);
  });

  it('refuses to write what contains itself', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => write(circle)).toThrow('nested deeper than 1000 levels');
  });
});

describe('where all objects were given a name by somebody', () => {
  it('that name is not written', () => {
    Object.defineProperty(Object.prototype, 'stranger', {
      value: 1,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    try {
      expect(write({ a: 1 })).toBe('{"a":1}');
    } finally {
      Reflect.deleteProperty(Object.prototype, 'stranger');
    }
  });
});
