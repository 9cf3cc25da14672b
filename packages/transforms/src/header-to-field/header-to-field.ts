import { type ConnectRecord, DataError, type Header, type Schema, type Transform } from '@millrace/api';
import type { RecordPart } from '../core/record-part.ts';
import { isPlainObject, requireObject, requireStruct } from '../core/require.ts';
import { schemaOfPlain } from '../core/schema-of-plain.ts';
import { fieldSetter } from '../core/set-fields.ts';
import { toPlain } from '../core/to-plain.ts';
import { type FieldPath, parseFieldPath } from '../fields/field-path.ts';
import type { HeaderToFieldConfig } from './config.ts';

const purpose = 'taking in headers';

/** Copies or moves headers into fields of the key or value. A record without that part goes on as it is. */
export function headerToField(config: HeaderToFieldConfig, part: RecordPart): Transform {
  const { headers: names, operation, onMissing } = config;
  const moved = new Set(names);
  const paths =
    config.fields.length === 0
      ? names.map((name) => parseFieldPath(name, 'V1'))
      : config.fields.map((field) => parseFieldPath(field, 'V2'));
  const setter = fieldSetter(paths);

  function find(record: ConnectRecord, name: string): Header | undefined {
    const header = record.headers.lastWithName(name);
    if (header === undefined && onMissing === 'fail') {
      throw new DataError(`The record has no header ${name}.`, { part: `header ${name}` });
    }
    return header;
  }

  function replaced<R extends ConnectRecord>(record: R, found: readonly (Header | undefined)[]): R {
    const schema = part.schema(record);
    const value = part.value(record);
    paths.forEach((path, index) => {
      if (found[index] !== undefined) requireParents(value, path);
    });
    if (schema === null) {
      const isSet = found.map((header) => header !== undefined);
      const values = found.map((header) => header && toPlain(header.schema, header.value));
      return part.replace(record, null, setter.inObject(requireObject(value, purpose, part), isSet, values));
    }
    const struct = requireStruct(schema, value, purpose, part);
    const schemas = found.map((header) => header && schemaOf(header).asOptional());
    const values = found.map((header) => header?.value ?? null);
    const changed = setter.inStruct(schema, struct, schemas, values);
    return part.replace(record, changed.schema, changed.value);
  }

  return {
    apply(record) {
      if (part.value(record) === null) return record;
      const found = names.map((name) => find(record, name));
      if (found.every((header) => header === undefined)) return record;
      const result = replaced(record, found);
      if (operation === 'copy') return result;
      return result.with({ headers: record.headers.filter(({ key }) => !moved.has(key)) }) as typeof record;
    },
  };
}

/** What cannot be put anywhere must not get lost silently. */
function requireParents(value: unknown, { steps, text }: FieldPath): void {
  let parent = value;
  for (const step of steps.slice(0, -1)) {
    if (!isPlainObject(parent) || !Object.hasOwn(parent, step)) return;
    parent = parent[step];
    if (parent === null) {
      throw new DataError(`The field ${step} on the path ${text} is null: nothing can be put into it.`, { path: text });
    }
  }
}

function schemaOf({ key, value, schema }: Header): Schema {
  if (schema !== null) return schema;
  const inferred = schemaOfPlain(value);
  if (inferred !== undefined) return inferred;
  throw new DataError(`Header ${key} has no schema, and its value does not say which one it needs.`, {
    part: `header ${key}`,
  });
}
