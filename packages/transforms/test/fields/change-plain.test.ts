import { describe, expect, it } from 'vitest';
import {
  absent,
  changePlain as changeOne,
  compilePlainChange,
  type PlainVisitor,
} from '../../src/fields/change-plain.ts';
import { parseFieldPath } from '../../src/fields/field-path.ts';
import { fieldTree } from '../../src/fields/field-tree.ts';
import { plainField } from '../../src/fields/read-field.ts';
import { deepFreeze } from '../make.ts';

const tree = (...paths: string[]) => fieldTree(paths.map((path) => [parseFieldPath(path, 'V2'), path] as const));
const mark: PlainVisitor<string, void> = { found: () => 'found', missing: () => 'missing' };
const parse = (text: string) => deepFreeze(JSON.parse(text) as Record<string, unknown>);

type Change = typeof changeOne;
const compiled: Change = (object, fields, visitor, argument) => compilePlainChange(fields, visitor)(object, argument);

describe.each([
  ['one by one', changeOne],
  ['compiled', compiled],
])('a change of an object without schema, %s', (_, changePlain: Change) => {
  it('shares what no path names', () => {
    const object = parse('{"a":{"b":1,"c":2},"rest":{}}');
    const changed = changePlain(object, tree('a.b', 'a.d'), mark, undefined);
    expect(changed).toEqual({ a: { b: 'found', c: 2, d: 'missing' }, rest: {} });
    expect(changed['rest']).toBe(object['rest']);
  });

  it('makes no parents, unless it is to', () => {
    expect(changePlain({}, tree('a.b'), mark, undefined)).toEqual({});
    expect(changePlain({}, tree('a.b'), { ...mark, createParents: true }, undefined)).toEqual({ a: { b: 'missing' } });
  });

  it('takes fields out', () => {
    const changed = changePlain(
      parse('{"a":1,"b":{"c":2,"d":3}}'),
      tree('a', 'b.c'),
      { found: () => absent },
      undefined,
    );
    expect(changed).toEqual({ b: { d: 3 } });
  });

  it('treats __proto__ as a name like any other', () => {
    const changed = changePlain(
      parse('{"__proto__":1,"x":2}'),
      tree('__proto__', 'y.__proto__'),
      { ...mark, createParents: true },
      undefined,
    );
    expect(Object.keys(changed)).toEqual(['__proto__', 'x', 'y']);
    expect(Object.getPrototypeOf(changed)).toBe(Object.prototype);
    expect(Object.keys(changed['y'] as object)).toEqual(['__proto__']);
  });

  it('takes fields out at several levels at once', () => {
    const object = parse('{"in":{"gone":1,"kept":2},"gone":3,"last":{"gone":4}}');
    const changed = changePlain(object, tree('in.gone', 'gone', 'last.gone'), { found: () => absent }, undefined);
    expect(changed).toEqual({ in: { kept: 2 }, last: {} });
  });

  it('refuses a path through a list', () => {
    expect(() => changePlain({ a: [1] }, tree('a.b'), mark, undefined)).toThrow(
      'The path a.b goes through an array; it can only go through objects.',
    );
  });
});

describe('a field of an object without schema', () => {
  it('is undefined where it is not there, also under the names that every object has', () => {
    expect(plainField({}, parseFieldPath('toString', 'V1'))).toBeUndefined();
    expect(plainField({ a: null }, parseFieldPath('a.b', 'V2'))).toBeUndefined();
  });
});
