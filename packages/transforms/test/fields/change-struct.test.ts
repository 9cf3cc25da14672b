import { DataError, type Field, Schema, type Struct } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { compileStructChange, type StructVisitor } from '../../src/fields/change-struct.ts';
import { parseFieldPath } from '../../src/fields/field-path.ts';
import { fieldTree } from '../../src/fields/field-tree.ts';
import { structField } from '../../src/fields/read-field.ts';
import { deepFreeze } from '../make.ts';

const upper: StructVisitor<true, void> = {
  found: (field: Field) => ({
    name: field.name,
    schema: field.schema,
    compute: (value) => (value === null ? null : (value as string).toUpperCase()),
  }),
};

const inner = Schema.struct({ a: Schema.string, b: Schema.string });
const outer = Schema.struct({ in: inner.asOptional(), other: Schema.string, list: Schema.array(Schema.string) });

function change(schema: Schema, paths: readonly string[], visitor = upper) {
  const tree = fieldTree(paths.map((path) => [parseFieldPath(path, 'V2'), true] as const));
  return compileStructChange(schema, tree, visitor, { replaceNull: true, keepOptional: true, defaults: 'change' });
}

describe('a change along paths', () => {
  it('makes structs anew only along the paths', () => {
    const list = ['l'];
    const struct = deepFreeze({ in: { a: 'x', b: 'y' }, other: 'o', list });
    const changed = change(outer, ['in.b', 'other']).map(struct);
    expect(changed).toEqual({ in: { a: 'x', b: 'Y' }, other: 'O', list: ['l'] });
    expect(changed['list']).toBe(list);
  });

  it('leaves a struct inside that is null', () => {
    expect(change(outer, ['in.a']).map({ in: null, other: 'o', list: [] })).toEqual({ in: null, other: 'o', list: [] });
  });

  it('keeps the schema where the types stay, so that it is the very same object', () => {
    const named = Schema.struct({ in: inner }, { name: 'N', version: 2, doc: 'd', optional: true });
    expect(change(named, ['in.a']).schema).toBe(named);
  });

  it('changes the defaults of structs with them', () => {
    const withDefault = Schema.struct({ a: Schema.string }, { default: { a: 'd' } });
    expect(change(withDefault, ['a']).schema.defaultValue).toEqual({ a: 'D' });
  });

  it('refuses a path through something that is no struct, and says where', () => {
    const attempt = () => change(outer, ['list.x']);
    expect(attempt).toThrow(DataError);
    expect(attempt).toThrow('The path list.x goes through a field of type array; it can only go through structs.');
  });

  it('adds a struct for missing fields whose path goes on', () => {
    const added = change(inner, ['new.deep.x'], {
      found: upper.found,
      missing: (name) => ({ name, schema: Schema.int32, compute: () => 7 }),
    });
    expect(added.map({ a: '1', b: '2' })).toEqual({ a: '1', b: '2', new: { deep: { x: 7 } } });
    expect(added.schema.field('new')?.schema.field('deep')?.schema.field('x')?.schema).toBe(Schema.int32);
  });

  it('knows fields with the names of what every object has', () => {
    const odd = Schema.struct([
      ['__proto__', Schema.struct([['constructor', Schema.string]])],
      ['toString', Schema.string],
    ]);
    const struct = odd.create({ ['__proto__']: { constructor: 'c' }, toString: 't' } as never) as Struct;
    const changed = change(odd, ['__proto__.constructor', 'toString']).map(struct);
    expect(Object.keys(changed)).toEqual(['__proto__', 'toString']);
    expect(Object.getOwnPropertyDescriptor(changed, '__proto__')?.value).toEqual({ constructor: 'C' });
    expect(changed['toString']).toBe('T');
  });
});

describe('a field at a path', () => {
  const withDefaults = Schema.struct({
    in: Schema.struct({ a: Schema.string.with({ default: 'x' }) }).asOptional(),
  });
  const path = parseFieldPath('in.a', 'V2');

  it('is null where a struct around it is', () => {
    expect(structField(withDefaults, path, true)?.get({ in: null })).toBeNull();
  });

  it('has its default where it is null, if asked for', () => {
    expect(structField(withDefaults, path, true)?.get({ in: { a: null } })).toBe('x');
    expect(structField(withDefaults, path, false)?.get({ in: { a: null } })).toBeNull();
  });

  it('is unknown where the schema has none', () => {
    expect(structField(withDefaults, parseFieldPath('in.b', 'V2'), true)).toBeUndefined();
  });
});
