import {
  type ConnectRecord,
  DataError,
  type Header,
  Headers,
  Schema,
  type Struct,
  type Transform,
} from '@millrace/api';
import { perSchema } from '../core/per-schema.ts';
import { putProperty } from '../core/put-property.ts';
import { isPlainObject, type PlainValue } from '../core/require.ts';
import { type FieldPath, parseFieldPath } from '../fields/field-path.ts';
import { plainField, structField } from '../fields/read-field.ts';
import { deletePolicy, type EnvelopePart, parseEnvelopePart, type UnwrapConfig } from './config.ts';
import { compileEnvelope, type Rows } from './unwrap-struct.ts';

/** Takes the row out of a Debezium change event; what is no change event goes on as it is. */
export function unwrap(config: UnwrapConfig): Transform {
  const { deletes, dropTombstones } = deletePolicy(config);
  const isRewrite = deletes === 'rewrite';
  const fields = config.addFields.map((item) => parseEnvelopePart(item, config.addFieldsPrefix));
  const headers = config.addHeaders.map((item) => parseEnvelopePart(item, config.addHeadersPrefix));
  const route = config.routeByField === '' ? undefined : parseFieldPath(config.routeByField, 'V2');
  const compile = perSchema((schema) =>
    compileEnvelope(schema, { fields, headers, isRewrite, replaceNull: config.replaceNull }),
  );
  const tombstoneHeaders = headers
    .filter(({ isOperation }) => isOperation)
    .map(({ name }) => ({ key: name, value: 'd', schema: Schema.string }));

  function withSchema<R extends ConnectRecord>(record: R, schema: Schema): R | null {
    const { rows, headersOf } = compile(schema);
    if (rows === undefined) return record;
    const envelope = record.value as Struct;
    const { before, after } = rows;
    const row = after?.get(envelope) ?? null;
    const old = row === null ? (before?.get(envelope) ?? null) : null;
    if (saysNothing(envelope, row ?? old)) return null;
    const extended = withHeaders(record, headersOf(envelope));
    if (row !== null) return written(extended, after as Rows, row, envelope);
    if (deletes === 'drop') return null;
    if (deletes === 'rewrite') {
      if (old === null) throw withoutOldRow();
      return written(extended, before as Rows, old, envelope);
    }
    const valueSchema = deletes === 'null' ? ((after ?? before)?.schema ?? null) : null;
    const topic = old === null ? record.topic : routed(record.topic, (before as Rows).schema, old);
    return extended.with({ topic, value: null, valueSchema }) as R;
  }

  function written<R extends ConnectRecord>(record: R, rows: Rows, row: unknown, envelope: Struct): R {
    const topic = routed(record.topic, rows.schema, row);
    const { schema, map } = rows.written;
    const value = rows.schema.type === 'struct' ? map(row as Struct, envelope) : row;
    return record.with({ topic, valueSchema: schema, value }) as R;
  }

  function withoutSchema<R extends ConnectRecord>(record: R, envelope: PlainValue): R | null {
    const row = envelope['after'] ?? null;
    const old = row === null ? (envelope['before'] ?? null) : null;
    if (saysNothing(envelope, row ?? old)) return null;
    if (isRewrite && row === null && old === null) throw withoutOldRow();
    const found = plainParts(envelope, headers).map(([key, value]) => ({ key, value, schema: null }));
    const topic = routed(record.topic, null, row ?? old);
    const extended = withHeaders(record.with({ topic }) as R, found);
    if (row === null && !isRewrite) return deletes === 'drop' ? null : (extended.with({ value: null }) as R);
    return extended.with({ value: plainRow(row ?? old, row === null, envelope) }) as R;
  }

  function plainRow(row: unknown, isDeleted: boolean, envelope: PlainValue): unknown {
    if (!isPlainObject(row) || (fields.length === 0 && !isRewrite)) return row;
    const copy: Record<string, unknown> = { ...row };
    if (isRewrite) copy['__deleted'] = String(isDeleted);
    for (const [name, value] of plainParts(envelope, fields)) putProperty(copy, name, value);
    return copy;
  }

  function routed(topic: string, schema: Schema | null, row: unknown): string {
    if (route === undefined) return topic;
    const name = topicOf(route, schema, row);
    return typeof name === 'string' && name.trim() !== '' ? name : topic;
  }

  return {
    apply(record) {
      const { value, valueSchema } = record;
      if (value === null) return dropTombstones ? null : withHeaders(record, tombstoneHeaders);
      if (valueSchema !== null) return withSchema(record, valueSchema);
      return isPlainEnvelope(value) ? withoutSchema(record, value) : record;
    },
  };
}

function isPlainEnvelope(value: unknown): value is PlainValue {
  return (
    isPlainObject(value) &&
    typeof value['op'] === 'string' &&
    (Object.hasOwn(value, 'after') || Object.hasOwn(value, 'before'))
  );
}

/** A truncate, or what neither has a row nor deletes one. A delete counts without its row: its key says which it is. */
function saysNothing(envelope: PlainValue | Struct, row: unknown): boolean {
  return envelope['op'] === 't' || (row === null && envelope['op'] !== 'd');
}

function withoutOldRow(): DataError {
  return new DataError(
    'A delete has no row in before, and rewriting it needs one; have the table give its old rows (in PostgreSQL with ' +
      'REPLICA IDENTITY FULL), or choose another delete.tombstone.handling.mode.',
    { part: 'value', path: 'before' },
  );
}

function plainParts(envelope: PlainValue, parts: readonly EnvelopePart[]): readonly (readonly [string, unknown])[] {
  return parts.flatMap(({ paths, name }) => {
    const value = paths.map((path) => plainField(envelope, path)).find((found) => found !== undefined);
    return value === undefined ? [] : [[name, value] as const];
  });
}

function topicOf(route: FieldPath, schema: Schema | null, row: unknown): unknown {
  if (schema === null) return isPlainObject(row) ? plainField(row, route) : undefined;
  return schema.type === 'struct' ? structField(schema, route, true)?.get(row as Struct) : undefined;
}

function withHeaders<R extends ConnectRecord>(record: R, added: readonly Header[]): R {
  return added.length === 0 ? record : (record.with({ headers: Headers.of([...record.headers, ...added]) }) as R);
}
