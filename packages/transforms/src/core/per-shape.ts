import { compileStructMapper, type FieldSource, Schema, type Struct } from '@millrace/api';
import type { PlainValue } from './require.ts';

/** Data with a name of its own for everything must not fill the memory with code. */
const mostShapes = 32;
const mostNames = 200;

/** A field of the object that is made, and where it comes from. */
export type ShapeField<A> = readonly [name: string, source: FieldSource<A>];

interface Shape<A> {
  readonly names: readonly string[];
  readonly map: (object: Struct, argument: A) => PlainValue;
}

/**
 * What objects without a schema lack, found out by looking: most of them have the same names in the same order. For each
 * such shape a function is compiled that makes the new object as a literal; it is `undefined` for objects of too many
 * shapes.
 */
export function perShape<A>(
  fieldsOf: (names: readonly string[]) => readonly ShapeField<A>[],
): (object: PlainValue) => ((object: Struct, argument: A) => PlainValue) | undefined {
  const shapes: Shape<A>[] = [];
  let last: Shape<A> | undefined;
  return (object) => {
    if (last !== undefined && hasShape(object, last.names)) return last.map;
    let shape = shapes.find(({ names }) => hasShape(object, names));
    if (shape === undefined) {
      if (shapes.length >= mostShapes) return undefined;
      const names = Object.keys(object);
      if (names.length > mostNames) return undefined;
      const fields = fieldsOf(names);
      if (fields.some(([name]) => name === '')) return undefined;
      shape = { names, map: compile(fields) };
      shapes.push(shape);
    }
    last = shape;
    return shape.map;
  };
}

function hasShape(object: PlainValue, names: readonly string[]): boolean {
  let index = 0;
  for (const name in object) {
    if (names[index++] !== name) return false;
  }
  return index === names.length;
}

function compile<A>(fields: readonly ShapeField<A>[]): Shape<A>['map'] {
  const unnamed = Schema.struct(fields.map(([name]) => [name, Schema.string] as const));
  return compileStructMapper<A>(
    unnamed,
    fields.map(([, source]) => source),
  );
}
