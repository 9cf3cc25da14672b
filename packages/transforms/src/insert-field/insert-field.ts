import { type ConnectRecord, DataError, Schema, SinkRecord, type Transform } from '@millrace/api';
import { perSchema } from '../core/per-schema.ts';
import type { RecordPart } from '../core/record-part.ts';
import { requireObject, requireStruct } from '../core/require.ts';
import { absent, compilePlainChange, type PlainVisitor } from '../fields/change-plain.ts';
import { compileStructChange, type StructVisitor } from '../fields/change-struct.ts';
import { type FieldPath, parseFieldPath } from '../fields/field-path.ts';
import { type FieldTree, fieldTree } from '../fields/field-tree.ts';
import type { InsertFieldConfig } from './config.ts';
import { parseInsertion } from './insertion.ts';

/** What is inserted into one field. */
interface Inserted {
  readonly schema: Schema;
  readonly get: (record: ConnectRecord) => unknown;
  /** Without a schema; `absent` leaves the field out. */
  readonly getPlain: (record: ConnectRecord) => unknown;
}

/** Adds fields with what a record carries beside its key and value, or with a fixed text. */
export function insertField(config: InsertFieldConfig, part: RecordPart): Transform {
  const insertions = insertionsOf(config);
  const tree: FieldTree<Inserted> = fieldTree(insertions);
  const texts = insertions.map(([{ text }]) => text);
  const twice = texts.find((text, index) => texts.indexOf(text) < index);
  const changeObject = compilePlainChange(tree, plainVisitor);
  const needsOffset = config.offsetField !== null;
  const changeOf = perSchema((schema) => {
    requireStruct(schema, {}, purpose, part);
    if (twice !== undefined) throw duplicate(twice);
    return compileStructChange(schema, tree, structVisitor, {
      replaceNull: config.replaceNull,
      keepOptional: false,
      defaults: 'drop',
    });
  });
  return {
    apply(record) {
      const schema = part.schema(record);
      const value = part.value(record);
      if (value === null) return record;
      if (needsOffset && !SinkRecord.isInstance(record)) {
        throw new DataError(`Only a record of a sink has an offset to insert (offset.field=${config.offsetField}).`);
      }
      if (schema === null) {
        return part.replace(record, null, changeObject(requireObject(value, purpose, part), record));
      }
      const change = changeOf(schema);
      return part.replace(record, change.schema, change.map(requireStruct(schema, value, purpose, part), record));
    },
  };
}

const purpose = 'field insertion';

const structVisitor: StructVisitor<Inserted, ConnectRecord> = {
  found: (_field, _inserted, path) => {
    throw duplicate(path);
  },
  missing: (name, { schema, get }) => ({ name, schema, compute: (_, record) => get(record) }),
};

const plainVisitor: PlainVisitor<Inserted, ConnectRecord> = {
  found: (value, { getPlain }, _path, record) => {
    const inserted = getPlain(record);
    return inserted === absent ? value : inserted;
  },
  missing: ({ getPlain }, _path, record) => getPlain(record),
  createParents: true,
};

function duplicate(path: string): DataError {
  return new DataError(`Field ${path} cannot be inserted: there is one of that name.`, { path });
}

function insertionsOf(config: InsertFieldConfig): readonly (readonly [FieldPath, Inserted])[] {
  const { topicField, partitionField, offsetField, timestampField, staticField, staticValue, fieldSyntax } = config;
  const insertions: (readonly [FieldPath, Inserted])[] = [];
  const insert = (
    text: string | null,
    schema: Schema,
    get: (record: ConnectRecord) => unknown,
    getPlain: (record: ConnectRecord) => unknown = get,
  ): void => {
    if (text === null) return;
    const { field, optional } = parseInsertion(text);
    const inserted = { schema: optional ? schema.asOptional() : schema, get, getPlain };
    insertions.push([parseFieldPath(field, fieldSyntax), inserted]);
  };
  insert(topicField, Schema.string, (record) => record.topic);
  insert(
    partitionField,
    Schema.int32,
    (record) => record.partition,
    (record) => record.partition ?? absent,
  );
  insert(
    offsetField,
    Schema.int64,
    (record) => BigInt((record as SinkRecord).offset),
    (record) => (record as SinkRecord).offset,
  );
  insert(
    timestampField,
    Schema.timestamp,
    (record) => (record.timestamp === null ? null : dateOf(record.timestamp)),
    (record) => record.timestamp ?? absent,
  );
  insert(staticField, Schema.string, () => staticValue);
  return insertions;
}

function dateOf(timestamp: number): Date {
  const date = new Date(timestamp);
  if (!Number.isNaN(date.getTime())) return date;
  throw new DataError(`The timestamp of this record, ${timestamp}, is beyond what a date can hold (±8.64e15 ms).`);
}
