import { hasEscapedKey, parseJson, printJson } from '@millrace/api';
import { describe, expect, test } from 'vitest';

describe('parseJson', () => {
  test('gives a key its own name, also after one that JSON.parse mixes it up with', () => {
    expect(Object.keys(parseJson('{"x":0,"\\\\":1,"y":1}') as object)).toEqual(['x', '\\', 'y']);
    expect(Object.keys(parseJson('{"x":0,"\\t":1,"y":1}') as object)).toEqual(['x', '\t', 'y']);
  });

  test.each(['9007199254740993', '-9223372036854775808', '123456789012345678901234567890'])(
    'keeps all digits of %s',
    (digits) => {
      expect(parseJson(`{"a":[${digits}],"b\\n":${digits}}`)).toEqual({ a: [BigInt(digits)], 'b\n': BigInt(digits) });
      expect(parseJson(`[${digits}]`)).toEqual([BigInt(digits)]);
      expect(printJson(parseJson(`[${digits}]`))).toBe(`[${digits}]`);
    },
  );

  test('reads what JSON.parse reads', () => {
    const text = '{"a\\"b": [1, -2.5e3, true, null, "x\\u0041"], "c": {"d": {}}, "e": [], "f": "\\\\"}';
    expect(parseJson(text)).toEqual({ 'a"b': [1, -2500, true, null, 'xA'], c: { d: {} }, e: [], f: '\\' });
  });

  test('makes `__proto__` a property like any other', () => {
    const value = parseJson('{"__proto__": {"a": 1}, "\\n": 2}') as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.keys(value)).toEqual(['__proto__', '\n']);
  });

  test.each([
    '{"a\\n"',
    '{"a\\n":}',
    '{"a\\n":1,}',
    '{"a\\n":1} x',
    '{"a\\n":tru}',
    '{"a\\n":1 "b":2}',
    '[{"a\\n":1]',
    '{1:"a\\n":2}',
    `${'['.repeat(2000)}{"a\\n":1}${']'.repeat(2000)}`,
  ])('refuses %s', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});

test('a backslash in a value is no escaped key', () => {
  expect(hasEscapedKey('{"a":"b\\n"}')).toBe(false);
  expect(hasEscapedKey('{"a":"b\\n","c":1}')).toBe(false);
  expect(hasEscapedKey('{"a\\n" : 1}')).toBe(true);
  expect(hasEscapedKey('{"a":"\\"","b\\\\":1}')).toBe(true);
});

test('a long text full of escaped quotes is read in no time', () => {
  const text = `{"a":"${'\\"'.repeat(1_000_000)}"}`;
  const start = performance.now();
  expect(hasEscapedKey(text)).toBe(false);
  expect(hasEscapedKey(text.slice(0, -2))).toBe(false);
  expect(performance.now() - start).toBeLessThan(1000);
});

test('strings of many megabytes behind an escaped key are read', () => {
  const long = 'x'.repeat(12_000_000);
  expect(parseJson(`{"a\\n":"${long}"}`)).toEqual({ 'a\n': long });
});

test('a long text with one backslash near its end is read in no time', () => {
  const strings = '"a":"b",'.repeat(1_000_000);
  const start = performance.now();
  expect(hasEscapedKey(`{${strings}"c":"\\n"}`)).toBe(false);
  expect(hasEscapedKey(`{${strings}"c\\n":1}`)).toBe(true);
  expect(performance.now() - start).toBeLessThan(2000);
});
