import {
  type ConnectRecord,
  DataError,
  type Schema,
  type Struct,
  type TableKey,
  type TableKeyPart,
} from '@millrace/api';
import { perSchema } from '../core/per-schema.ts';
import type { RecordPart } from '../core/record-part.ts';
import { requireObject, requireStruct } from '../core/require.ts';
import type { FieldPath } from '../fields/field-path.ts';
import { plainField, structField } from '../fields/read-field.ts';
import { tableKeyPart } from './table-key.ts';

const purpose = 'looking up a row';

/**
 * How the key of a row is read from a record: fields of a part, or the part as a whole. What is read is `null` when
 * there is no key, because a value that belongs to it is null.
 */
export function recordKeyReader(
  part: RecordPart,
  paths: readonly FieldPath[],
): (record: ConnectRecord) => TableKey | null {
  if (paths.length === 0) return (record) => tableKeyPart(part.value(record), `the ${part.name}`);
  const names = paths.map(({ text }) => text);
  const compile = perSchema((schema) => paths.map((path) => getter(schema, path, part)));
  const [firstPath, ...otherPaths] = paths as [FieldPath, ...FieldPath[]];

  function fromStruct(schema: Schema, value: unknown): TableKey | null {
    const struct = requireStruct(schema, value, purpose, part);
    const getters = compile(schema);
    const first = tableKeyPart((getters[0] as (struct: Struct) => unknown)(struct), firstPath.text);
    if (otherPaths.length === 0 || first === null) return first;
    const key: TableKeyPart[] = [first];
    for (let index = 1; index < getters.length; index++) {
      const next = tableKeyPart((getters[index] as (struct: Struct) => unknown)(struct), names[index] as string);
      if (next === null) return null;
      key.push(next);
    }
    return key;
  }

  function fromObject(value: unknown): TableKey | null {
    const object = requireObject(value, purpose, part);
    const first = tableKeyPart(plainField(object, firstPath), firstPath.text);
    if (otherPaths.length === 0 || first === null) return first;
    const key: TableKeyPart[] = [first];
    for (const path of otherPaths) {
      const next = tableKeyPart(plainField(object, path), path.text);
      if (next === null) return null;
      key.push(next);
    }
    return key;
  }

  return (record) => {
    const schema = part.schema(record);
    const value = part.value(record);
    return schema === null ? fromObject(value) : fromStruct(schema, value);
  };
}

function getter(schema: Schema, path: FieldPath, part: RecordPart): (struct: Struct) => unknown {
  const found = structField(schema, path, true);
  if (found !== undefined) return found.get;
  throw new DataError(`The ${part.name}'s ${schema} has no field ${path.text} to look up a row with.`, {
    part: part.name,
    path: path.text,
  });
}
