import { describe, expect, it } from 'vitest';
import { perShape } from '../../src/core/per-shape.ts';

describe('what is compiled for a shape', () => {
  const compiled: string[] = [];
  const copyFor = perShape<number>((names) => {
    compiled.push(names.join());
    return [...names.map((name) => [name, { from: name }] as const), ['added', { compute: (_, argument) => argument }]];
  });
  const copy = (object: Readonly<Record<string, unknown>>): unknown => copyFor(object)?.(object, 7);

  it('is compiled once for objects with the same names in the same order', () => {
    expect(copy({ a: 1, b: 2 })).toEqual({ a: 1, b: 2, added: 7 });
    expect(copy({ b: 2, a: 1 })).toEqual({ a: 1, b: 2, added: 7 });
    expect(copy({ a: 3, b: 4 })).toEqual({ a: 3, b: 4, added: 7 });
    expect(copy({ a: 3 })).toEqual({ a: 3, added: 7 });
    expect(compiled).toEqual(['a,b', 'b,a', 'a']);
  });

  it('keeps names such as __proto__', () => {
    const object = JSON.parse('{"__proto__":1,"constructor":2}') as Record<string, unknown>;
    expect(Object.entries(copy(object) as object)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
      ['added', 7],
    ]);
  });

  it('is not compiled for data with ever new names', () => {
    const ofMany = perShape<void>((names) => names.map((name) => [name, { from: name }]));
    const found = Array.from({ length: 100 }, (_, index) => ofMany({ [`name${index}`]: 1 }));
    expect(found.filter((map) => map !== undefined)).toHaveLength(32);
    expect(ofMany({ name3: 1 })).toBe(found[3]);
    expect(ofMany({ '': 1 })).toBeUndefined();
  });
});
