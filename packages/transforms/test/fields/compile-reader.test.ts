import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { compileReader } from '../../src/fields/compile-reader.ts';

const path = [{ name: 'a' }, { name: 'b', defaultValue: 7 }];

describe('a compiled reader', () => {
  it('gives null where something on the way is null, and no default of what would be inside', () => {
    expect(compileReader(path)({ a: null })).toBeNull();
    expect(compileReader(path)({ a: { b: null } })).toBe(7);
    expect(compileReader(path)({ a: { b: 1 } })).toBe(1);
    expect(compileReader([{ name: 'a', defaultValue: { b: 5 } }, { name: 'b' }])({ a: null })).toBe(5);
    expect(compileReader([{ name: 'x' }])({})).toBeNull();
  });

  it('converts what it read, null too', () => {
    const read = compileReader<string>(path, (value, argument) => `${String(value)}${argument}`);
    expect(read({ a: { b: 1 } }, '!')).toBe('1!');
    expect(read({ a: null }, '!')).toBe('null!');
  });

  it('takes any name as a name', () => {
    const name = '"];throw 1;//\u2028\n`$';
    expect(compileReader([{ name }])({ [name]: 1 })).toBe(1);
    const struct = JSON.parse('{"__proto__":{"constructor":2}}') as Record<string, unknown>;
    expect(compileReader([{ name: '__proto__' }, { name: 'constructor' }])(struct)).toBe(2);
  });

  it('reads nothing that every object inherits', () => {
    for (const name of ['constructor', 'toString', '__proto__']) {
      expect(compileReader([{ name }])({})).toBeNull();
      expect(compileReader([{ name: 'a' }, { name, defaultValue: 7 }])({ a: {} })).toBe(7);
    }
    expect(compileReader([{ name: 'toString' }])({ toString: 'own' })).toBe('own');
  });

  it('does the same where code generation is disabled', () => {
    const script = `
      const { compileReader } = await import(${JSON.stringify(import.meta.resolve('../../src/fields/compile-reader.ts'))});
      const path = ${JSON.stringify(path)};
      const read = compileReader(path);
      const convert = compileReader(path, (value, argument) => String(value) + argument);
      console.log(JSON.stringify([
        read({ a: null }), read({ a: { b: null } }), read({ a: { b: 1 } }), convert({ a: null }, '!'), convert({ a: { b: 1 } }, '!'),
        compileReader([{ name: 'toString' }])({}),
      ]));
    `;
    const output = execFileSync(
      process.execPath,
      ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', script],
      { encoding: 'utf8', timeout: 20_000 },
    );
    expect(JSON.parse(output)).toEqual([null, 7, 1, 'null!', '1!', null]);
  });
});
