import {
  type ConnectRecord,
  DataError,
  parseJson,
  printJson,
  Schema,
  type Struct,
  type Transform,
} from '@millrace/api';
import { inferValueSchema } from '../core/infer-schema.ts';
import { perSchema } from '../core/per-schema.ts';
import type { RecordPart } from '../core/record-part.ts';
import { kindOf, requireObject, requireStruct } from '../core/require.ts';
import { fieldSetter } from '../core/set-fields.ts';
import { toPlain } from '../core/to-plain.ts';
import { changePlain, type PlainVisitor } from '../fields/change-plain.ts';
import { type FieldPath, parseFieldPath } from '../fields/field-path.ts';
import { fieldTree } from '../fields/field-tree.ts';
import { type StructField, structField } from '../fields/read-field.ts';
import type { JsonFieldConfig } from './config.ts';
import { fromJson, toJson } from './json-values.ts';

const purpose = 'reading and writing JSON in fields';

/** Parses fields that hold JSON, or prints fields as JSON. A field that is missing or null stays so. */
export function jsonField(config: JsonFieldConfig, part: RecordPart): Transform {
  const paths = config.fields.map((field) => parseFieldPath(field, 'V2'));
  const tree = fieldTree<true>(paths.map((path) => [path, true]));
  const setter = fieldSetter(paths);
  const fieldsOf = perSchema((schema) => paths.map((path) => structField(schema, path, true)));
  const visitor: PlainVisitor<true, void> = {
    found(value, _, path) {
      if (value === null || value === undefined) return value;
      if (config.operation === 'print') return printJson(toJson(null, value));
      const parsed = parse(value, path);
      return config.schema === null ? parsed : toPlain(config.schema, fromJson(config.schema, parsed, path));
    },
  };

  /** The schema and the value that a field gets. */
  function changed({ field, get }: StructField, struct: Struct, { text }: FieldPath): readonly [Schema, unknown] {
    const value = get(struct);
    if (config.operation === 'print') {
      const schema = field.schema.optional ? Schema.string.asOptional() : Schema.string;
      return [schema, value === null ? null : printJson(toJson(field.schema, value))];
    }
    const { schema } = config;
    if (schema !== null) {
      const fitting = field.schema.optional ? schema.asOptional() : schema;
      return [fitting, value === null ? null : fromJson(fitting, parse(value, text), text)];
    }
    if (value === null) return [Schema.string.asOptional(), null];
    const parsed = parse(value, text);
    const inferred = inferValueSchema(parsed, text);
    return [inferred.schema, inferred.convert(parsed)];
  }

  function inStruct<R extends ConnectRecord>(record: R, schema: Schema, struct: Struct): R {
    const schemas: (Schema | undefined)[] = [];
    const values: unknown[] = [];
    fieldsOf(schema).forEach((field, index) => {
      const [newSchema, value] = field === undefined ? [] : changed(field, struct, paths[index] as FieldPath);
      schemas.push(newSchema);
      values.push(value);
    });
    const result = setter.inStruct(schema, struct, schemas, values);
    return part.replace(record, result.schema, result.value);
  }

  return {
    apply(record) {
      const value = part.value(record);
      if (value === null) return record;
      const schema = part.schema(record);
      if (schema !== null) return inStruct(record, schema, requireStruct(schema, value, purpose, part));
      return part.replace(record, null, changePlain(requireObject(value, purpose, part), tree, visitor, undefined));
    },
  };
}

function parse(value: unknown, path: string): unknown {
  if (typeof value !== 'string') {
    throw new DataError(`The field ${path} is ${kindOf(value)}, and only a text can be parsed as JSON.`, { path });
  }
  try {
    return parseJson(value);
  } catch (cause) {
    throw new DataError(`The text in ${path} is no JSON: ${(cause as Error).message}`, { path, cause });
  }
}
