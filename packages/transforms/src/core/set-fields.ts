import type { Schema, Struct } from '@millrace/api';
import { changePlain } from '../fields/change-plain.ts';
import { compileStructChange, type StructChange } from '../fields/change-struct.ts';
import type { FieldPath } from '../fields/field-path.ts';
import { type FieldTree, fieldTree } from '../fields/field-tree.ts';
import { perSchema } from './per-schema.ts';
import type { PlainValue } from './require.ts';

/** Puts values at paths, where the schemas of the values come with them and can differ from record to record. */
export interface FieldSetter {
  /**
   * @param schemas one for each path; `undefined` leaves that path alone.
   * @throws DataError when a path goes through something that is no struct.
   */
  readonly inStruct: (
    schema: Schema,
    struct: Struct,
    schemas: readonly (Schema | undefined)[],
    values: readonly unknown[],
  ) => { readonly schema: Schema; readonly value: Struct };
  /** @param isSet whether the value of each path counts. */
  readonly inObject: (object: PlainValue, isSet: readonly boolean[], values: readonly unknown[]) => PlainValue;
}

/** Records that differ in the schemas of their values share what was compiled for these schemas; no more are kept. */
const mostVariants = 100;

export function fieldSetter(paths: readonly FieldPath[]): FieldSetter {
  const allPaths = treeOf(paths, () => true);
  const variants = perSchema(() => new Map<string, StructChange<readonly unknown[]>>());

  function compile(schema: Schema, schemas: readonly (Schema | undefined)[]): StructChange<readonly unknown[]> {
    const known = variants(schema);
    const key = schemas.map((each) => each?.id ?? '').join();
    let change = known.get(key);
    if (change === undefined) {
      const made = (name: string, index: number) => ({
        name,
        schema: schemas[index] as Schema,
        compute: (_: unknown, values: readonly unknown[]) => values[index],
      });
      change = compileStructChange<number, readonly unknown[]>(
        schema,
        treeOf(paths, (index) => schemas[index] !== undefined),
        { found: ({ name }, index) => made(name, index), missing: (name, index) => made(name, index) },
        { replaceNull: true, keepOptional: true, defaults: 'drop' },
      );
      if (known.size >= mostVariants) known.clear();
      known.set(key, change);
    }
    return change;
  }

  return {
    inStruct(schema, struct, schemas, values) {
      const change = compile(schema, schemas);
      return { schema: change.schema, value: change.map(struct, values) };
    },
    inObject: (object, isSet, values) =>
      changePlain<number, readonly unknown[]>(
        object,
        isSet.includes(false) ? treeOf(paths, (index) => isSet[index] === true) : allPaths,
        { found: (_, index) => values[index], missing: (index) => values[index], createParents: true },
        values,
      ),
  };
}

function treeOf(paths: readonly FieldPath[], isWanted: (index: number) => boolean): FieldTree<number> {
  return fieldTree(paths.map((path, index) => [path, index] as const).filter(([, index]) => isWanted(index)));
}
