import { compileStructMapper, DataError, type Field, type FieldSource, Schema, type Struct } from '@millrace/api';
import { schemaBasics } from '../core/schema-basics.ts';
import { compileReader } from './compile-reader.ts';
import type { FieldTree } from './field-tree.ts';
import { stepOf } from './read-field.ts';

/** What a field becomes. */
export interface NewField<A> {
  readonly name: string;
  readonly schema: Schema;
  /** Left out: the value stays. Gets `null` for a field that was missing. */
  readonly compute?: ((value: unknown, argument: A) => unknown) | undefined;
}

/** Says what becomes of the fields that a tree of paths names; asked once per schema. */
export interface StructVisitor<T, A> {
  /** A field at the end of a path; `null` takes it out. */
  readonly found: (field: Field, leaf: T, path: string) => NewField<A> | null;
  /** A field that a path names and the schema lacks; `undefined` (or left out) adds nothing. */
  readonly missing?: (name: string, leaf: T, path: string) => NewField<A> | undefined;
}

export interface StructChangeOptions {
  /** The default of a field's schema stands in for `null`. */
  readonly replaceNull: boolean;
  /** Whether the outermost schema stays optional and keeps its default; the transforms of Java differ in that. */
  readonly keepOptional: boolean;
  /** What becomes of the default of a struct, where it is kept: it is changed as a value is, or it stays as it is. */
  readonly defaults: 'change' | 'keep' | 'drop';
}

export interface StructChange<A> {
  readonly schema: Schema;
  readonly map: (struct: Struct, argument: A) => Struct;
}

/**
 * Compiles what the tree's paths do to structs of a schema: the new schema, and a function that makes the new struct
 * without touching the old one. Structs inside are made anew only along the paths; one that is `null` stays `null`.
 *
 * @throws DataError when a path goes through something that is no struct, or a name would stand twice.
 */
export function compileStructChange<T, A = void>(
  schema: Schema,
  tree: FieldTree<T>,
  visitor: StructVisitor<T, A>,
  options: StructChangeOptions,
): StructChange<A> {
  const { replaceNull } = options;
  const fields: NewField<A>[] = [];
  const sources: FieldSource<A>[] = [];
  const add = (field: NewField<A>, source: FieldSource<A>): void => {
    fields.push(field);
    sources.push(source);
  };
  for (const field of schema.fields) {
    const node = tree.children.get(field.name);
    if (node === undefined) {
      add(field, unchanged(field, replaceNull));
    } else if (node.leaf === undefined) {
      const changed = changeInside(field, node, visitor, options);
      add({ name: field.name, schema: changed.schema }, { compute: changed.compute });
    } else {
      const found = visitor.found(field, node.leaf, node.path);
      if (found !== null) add(found, sourceOf(field, found, replaceNull));
    }
  }
  for (const [name, node] of tree.children) {
    if (schema.field(name) !== undefined) continue;
    const added = missingField(name, node, visitor, options);
    if (added !== undefined) add(added, { compute: (_, argument) => added.compute?.(null, argument) ?? null });
  }
  const changed = Schema.struct(
    fields.map((field) => [field.name, field.schema] as const),
    { ...schemaBasics(schema), optional: options.keepOptional && schema.optional },
  );
  const map = compileStructMapper<A>(changed, sources);
  return { schema: options.keepOptional ? withDefault(changed, schema, map, options) : changed, map };
}

/**
 * Where a field that nobody changes comes from.
 *
 * As in Java, where nulls are not replaced by defaults a required field must be set, although its default could stand in.
 */
export function unchanged<A>(field: Field, replaceNull: boolean): FieldSource<A> {
  const { name, schema } = field;
  if (schema.defaultValue === undefined) return { from: name };
  if (replaceNull || schema.optional) return { compute: compileReader([stepOf(field, replaceNull)]) };
  return { compute: (struct) => requireSet(struct[name], name) };
}

function withDefault<A>(
  changed: Schema,
  { defaultValue }: Schema,
  map: StructChange<A>['map'],
  { defaults }: StructChangeOptions,
): Schema {
  if (defaultValue === undefined || defaults === 'drop') return changed;
  const value = defaults === 'keep' ? defaultValue : map(defaultValue as Struct, undefined as A);
  return changed.with({ default: value });
}

function requireSet(value: unknown, name: string): unknown {
  if (value !== null && value !== undefined) return value;
  throw new DataError(
    `Field ${name} is required and unset. Its default would stand in with replace.null.with.default=true.`,
    { path: name },
  );
}

function sourceOf<A>(field: Field, { compute }: NewField<A>, replaceNull: boolean): FieldSource<A> {
  if (compute === undefined) return unchanged(field, replaceNull);
  return { compute: compileReader([stepOf(field, replaceNull)], compute) };
}

function changeInside<T, A>(
  field: Field,
  node: FieldTree<T>,
  visitor: StructVisitor<T, A>,
  options: StructChangeOptions,
): { readonly schema: Schema; readonly compute: (struct: Struct, argument: A) => unknown } {
  if (field.schema.type !== 'struct') {
    const [next] = node.children.values();
    throw new DataError(
      `The path ${next?.path ?? node.path} goes through a field of type ${field.schema.type}; it can only go through structs.`,
      { path: node.path },
    );
  }
  const { schema, map } = compileStructChange(field.schema, node, visitor, { ...options, keepOptional: true });
  const compute = compileReader<A>([stepOf(field, options.replaceNull)], (inner, argument) =>
    inner === null ? null : map(inner as Struct, argument),
  );
  return { schema, compute };
}

/** A field that is added, or a struct of such fields where the path goes on; `undefined` when nothing is added. */
function missingField<T, A>(
  name: string,
  node: FieldTree<T>,
  visitor: StructVisitor<T, A>,
  options: StructChangeOptions,
): NewField<A> | undefined {
  if (node.leaf !== undefined) return visitor.missing?.(name, node.leaf, node.path);
  const { schema, map } = compileStructChange(emptyStruct, node, visitor, options);
  return schema === emptyStruct ? undefined : { name, schema, compute: (_, argument) => map({}, argument) };
}

const emptyStruct: Schema<Struct> = Schema.struct([]);
