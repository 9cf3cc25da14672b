import { DataError } from '@millrace/api';
import { perShape, type ShapeField } from '../core/per-shape.ts';
import { putProperty } from '../core/put-property.ts';
import { isPlainObject, kindOf, type PlainValue } from '../core/require.ts';
import type { FieldTree } from './field-tree.ts';

/** What a visitor gives for a field that shall not be there. */
export const absent: unique symbol = Symbol('absent');

/** Says what becomes of the fields that a tree of paths names, in an object without schema. */
export interface PlainVisitor<T, A> {
  /** A field at the end of a path; `absent` takes it out. */
  readonly found: (value: unknown, leaf: T, path: string, argument: A) => unknown;
  /** A field that a path names and an object lacks; `absent` (or left out) adds nothing. */
  readonly missing?: (leaf: T, path: string, argument: A) => unknown;
  /** Whether objects that a path needs and that are not there are made. */
  readonly createParents?: boolean;
}

/**
 * Does what the tree's paths say to an object without schema: a new object, in which everything beside the paths is
 * shared with the old one. An object inside that is `null` stays `null`.
 *
 * @throws DataError when a path goes through something that is no object.
 */
export function changePlain<T, A = void>(
  object: PlainValue,
  tree: FieldTree<T>,
  visitor: PlainVisitor<T, A>,
  argument: A,
): PlainValue {
  const copy: Record<string, unknown> = { ...object };
  let hasAbsent = false;
  for (const [name, node] of tree.children) {
    const isThere = Object.hasOwn(object, name);
    const value = isThere ? changeField(object[name], node, visitor, argument) : addField(node, visitor, argument);
    if (value !== absent) putProperty(copy, name, value);
    else if (isThere) {
      putProperty(copy, name, absent);
      hasAbsent = true;
    }
  }
  return hasAbsent ? withoutAbsent(copy) : copy;
}

/** The same as {@link changePlain}, compiled for objects that have the same names again and again. */
export function compilePlainChange<T, A = void>(
  tree: FieldTree<T>,
  visitor: PlainVisitor<T, A>,
): (object: PlainValue, argument: A) => PlainValue {
  const mapFor = perShape<A>((names) => shapeFields(names, tree, visitor));
  return (object, argument) => {
    const map = mapFor(object);
    if (map === undefined) return changePlain(object, tree, visitor, argument);
    const outer = sawAbsent;
    sawAbsent = false;
    const result = map(object, argument);
    const hasAbsent = sawAbsent;
    sawAbsent = outer;
    return hasAbsent ? withoutAbsent(result) : result;
  };
}

/** Whether the object that is being made holds an `absent` that must be taken out; saves looking for one. */
let sawAbsent = false;

function noticed(value: unknown): unknown {
  if (value === absent) sawAbsent = true;
  return value;
}

function shapeFields<T, A>(
  names: readonly string[],
  tree: FieldTree<T>,
  visitor: PlainVisitor<T, A>,
): readonly ShapeField<A>[] {
  const known = new Set(names);
  const kept = names.map((name): ShapeField<A> => {
    const node = tree.children.get(name);
    if (node === undefined) return [name, { from: name }];
    const { leaf, path } = node;
    if (leaf !== undefined) {
      return [name, { compute: (object, argument) => noticed(visitor.found(object[name], leaf, path, argument)) }];
    }
    const change = compilePlainChange(node, visitor);
    return [name, { compute: (object, argument) => changeInside(object[name], node, argument, change) }];
  });
  const added = [...tree.children]
    .filter(([name]) => !known.has(name))
    .map(
      ([name, node]): ShapeField<A> => [name, { compute: (_, argument) => noticed(addField(node, visitor, argument)) }],
    );
  return [...kept, ...added];
}

function changeField<T, A>(value: unknown, node: FieldTree<T>, visitor: PlainVisitor<T, A>, argument: A): unknown {
  if (node.leaf !== undefined) return visitor.found(value, node.leaf, node.path, argument);
  return changeInside(value, node, argument, (object) => changePlain(object, node, visitor, argument));
}

function changeInside<T, A>(
  value: unknown,
  node: FieldTree<T>,
  argument: A,
  change: (object: PlainValue, argument: A) => PlainValue,
): unknown {
  if (value === null || value === undefined) return value;
  if (isPlainObject(value)) return change(value, argument);
  const [next] = node.children.values();
  throw new DataError(
    `The path ${next?.path ?? node.path} goes through ${kindOf(value)}; it can only go through objects.`,
    { path: node.path },
  );
}

function addField<T, A>(node: FieldTree<T>, visitor: PlainVisitor<T, A>, argument: A): unknown {
  if (node.leaf !== undefined)
    return visitor.missing === undefined ? absent : visitor.missing(node.leaf, node.path, argument);
  if (visitor.createParents !== true) return absent;
  const made = changePlain({}, node, visitor, argument);
  for (const _ in made) return made;
  return absent;
}

/** A new object instead of `delete`, which would make every access slow from there on. */
function withoutAbsent(object: PlainValue): PlainValue {
  const result: Record<string, unknown> = {};
  for (const name of Object.keys(object)) {
    const value = object[name];
    if (value !== absent) putProperty(result, name, value);
  }
  return result;
}
