import {
  type ConnectRecord,
  DataError,
  type Header,
  Headers,
  type Schema,
  type Struct,
  type Transform,
} from '@millrace/api';
import { perSchema } from '../core/per-schema.ts';
import type { RecordPart } from '../core/record-part.ts';
import { requireObject, requireStruct } from '../core/require.ts';
import { absent, changePlain } from '../fields/change-plain.ts';
import { compileStructChange, type StructChange, type StructChangeOptions } from '../fields/change-struct.ts';
import { parseFieldPath } from '../fields/field-path.ts';
import { fieldTree } from '../fields/field-tree.ts';
import { type StructField, structField } from '../fields/read-field.ts';
import type { HeaderFromConfig } from './config.ts';

interface Compiled {
  /** One for each header. */
  readonly fields: readonly StructField[];
  /** `undefined` when the fields stay. */
  readonly removal: StructChange<void> | undefined;
}

/** Copies or moves fields of the key or value to headers. */
export function headerFrom(config: HeaderFromConfig, part: RecordPart): Transform {
  const { headers: names, operation, replaceNull } = config;
  const paths = config.fields.map((field) => parseFieldPath(field, 'V1'));
  const isMove = operation === 'move';
  const purpose = `header ${operation}`;
  const tree = fieldTree(paths.map((path) => [path, true]));

  const changeOptions: StructChangeOptions = { replaceNull, keepOptional: false, defaults: 'drop' };

  const compile = perSchema((schema): Compiled => {
    const fields = paths.map((path) => structField(schema, path, replaceNull) ?? missing(path.text, schema, part));
    const removal = isMove ? compileStructChange(schema, tree, { found: () => null }, changeOptions) : undefined;
    return { fields, removal };
  });

  function withSchema<R extends ConnectRecord>(record: R, schema: Schema): R {
    const struct: Struct = requireStruct(schema, part.value(record), purpose, part);
    const { fields, removal } = compile(schema);
    const added = fields.map(({ field, get }, index) => header(names[index] as string, get(struct), field.schema));
    return withHeaders(removal ? part.replace(record, removal.schema, removal.map(struct)) : record, added);
  }

  function withoutSchema<R extends ConnectRecord>(record: R): R {
    const object = requireObject(part.value(record), purpose, part);
    const added = config.fields.map((field, index) => {
      const value = Object.hasOwn(object, field) ? object[field] : null;
      return header(names[index] as string, value ?? null, null);
    });
    const kept = isMove ? changePlain(object, tree, { found: () => absent }, undefined) : object;
    return withHeaders(isMove ? part.replace(record, null, kept) : record, added);
  }

  return {
    apply(record) {
      const schema = part.schema(record);
      return schema === null ? withoutSchema(record) : withSchema(record, schema);
    },
  };
}

function header(key: string, value: unknown, schema: Schema | null): Header {
  return { key, value, schema };
}

function withHeaders<R extends ConnectRecord>(record: R, added: readonly Header[]): R {
  return record.with({ headers: Headers.of([...record.headers, ...added]) }) as R;
}

function missing(field: string, schema: Schema, part: RecordPart): never {
  throw new DataError(`The ${part.name}'s ${schema} has no field ${field} to be made a header.`, {
    part: part.name,
    path: field,
  });
}
