import {
  ConfigError,
  type ConnectRecord,
  type CreateContext,
  DataError,
  type Schema,
  type SchemaAndValue,
  type Table,
  type TableKey,
  type TableProvider,
  type TableView,
  type Transform,
} from '@millrace/api';
import { perSchema } from '../core/per-schema.ts';
import { putProperty } from '../core/put-property.ts';
import { keyPart, valuePart } from '../core/record-part.ts';
import { requireObject, requireStruct } from '../core/require.ts';
import { toPlain } from '../core/to-plain.ts';
import { parseFieldPath } from '../fields/field-path.ts';
import { cachedTable } from './cached-table.ts';
import { compileJoin } from './compile-join.ts';
import { type CopiedField, type LookupConfig, parseCopiedField } from './config.ts';
import { fileTableProvider } from './file-table.ts';
import { recordKeyReader } from './record-key.ts';
import { plainColumns, plainDefaultOf, rowColumns } from './row-columns.ts';

const builtIn: ReadonlyMap<string, TableProvider> = new Map([[fileTableProvider.name, fileTableProvider]]);

/** Opens the table that the configuration names and joins records with it. */
export async function openLookup(context: CreateContext<LookupConfig>): Promise<Transform<TableView>> {
  const { config, tables, log, signal } = context;
  const provider = tables?.get(config.table) ?? builtIn.get(config.table);
  if (provider === undefined) {
    const names = [...new Set([...builtIn.keys(), ...(tables?.names ?? [])])].sort().join(', ');
    const message = `There is no table of the kind ${config.table}; there are: ${names}.`;
    throw new ConfigError([{ key: 'table', message }]);
  }
  const wanted = config.fields.map(parseCopiedField);
  const spec = {
    config: Object.fromEntries(config.tableConfig),
    keyParts: Math.max(1, config.keyFields.length),
    fields: wanted.length === 0 ? undefined : [...new Set(wanted.map(({ path }) => path.steps[0] as string))],
  };
  const table = await provider.open(spec, { log, signal }).catch((error: unknown) => {
    throw withPrefix(error);
  });
  if (provider.queried !== true) return lookup(config, table);
  return lookup(
    config,
    cachedTable(table, { ttl: config.cacheTtl, negativeTtl: config.cacheNegativeTtl, size: config.cacheSize }),
  );
}

/** Joins records with the rows of a table; closes the table with itself. */
export function lookup(config: LookupConfig, table: Table): Transform<TableView> {
  const { keySource, onMiss, defaults } = config;
  const wanted = config.fields.map(parseCopiedField);
  const keyOf = recordKeyReader(
    keySource === 'key' ? keyPart : valuePart,
    config.keyFields.map((text) => parseFieldPath(text, 'V2')),
  );
  const missesGoOn = onMiss === 'null' || onMiss === 'default';
  const joins = perSchema((schema) => perSchema((row) => compileJoin(schema, rowColumns(row, wanted), config)));
  /** What a miss is made like where the table does not know its schema. */
  let lastSchema: Schema | null | undefined;

  function joinStruct<R extends ConnectRecord>(record: R, schema: Schema, rowSchema: Schema | null, row: unknown): R {
    if (rowSchema === null) {
      throw new DataError('The rows of the table have no schema and the record has one: they cannot be joined.', {
        part: 'value',
      });
    }
    const struct = requireStruct(schema, record.value, 'joining with a row', valuePart);
    const join = joins(schema)(rowSchema);
    return record.with({ valueSchema: join.schema, value: join.map(struct, row) }) as R;
  }

  function joinPlain<R extends ConnectRecord>(
    record: R,
    found: SchemaAndValue | undefined,
    rowSchema: Schema | null | undefined,
  ): R {
    const joined: Record<string, unknown> = { ...requireObject(record.value, 'joining with a row', valuePart) };
    if (found === undefined) {
      for (const target of missingTargets(wanted, rowSchema)) {
        const text = defaults.get(target);
        putProperty(joined, target, onMiss === 'default' && text !== undefined ? plainDefaultOf(text) : null);
      }
    } else if (found.schema === null) {
      const columns = plainColumns(found.value, wanted);
      for (const name of Object.keys(columns)) putProperty(joined, name, columns[name]);
    } else {
      for (const { target, schema, get } of columnsOf(found.schema)) {
        putProperty(joined, target, toPlain(schema, get(found.value)));
      }
    }
    return record.with({ value: joined }) as R;
  }

  const columnsOf = perSchema((schema) => rowColumns(schema, wanted));

  function miss<R extends ConnectRecord>(record: R, view: TableView, key: TableKey | null): R | null {
    if (onMiss === 'skip') return record;
    if (onMiss === 'drop') return null;
    if (missesGoOn) {
      const rowSchema = view.schema === undefined ? lastSchema : view.schema;
      if (record.valueSchema === null) return joinPlain(record, undefined, rowSchema);
      return rowSchema === undefined ? record : joinStruct(record, record.valueSchema, rowSchema, undefined);
    }
    const fields = config.keyFields.join(', ') || "the record's key";
    const found = key === null ? 'null is in the key' : `there is no row for the key ${cut(String(key))}`;
    throw new DataError(`Table ${config.table}: ${found} (${fields}).`, { part: keySource });
  }

  const transform: Transform<TableView> = {
    apply(record, context) {
      if (record.value === null) return record;
      const view = context ?? table;
      const key = keyOf(record);
      const found = key === null ? undefined : view.get(key);
      if (found === undefined || found.value === null) return miss(record, view, key);
      const { schema } = found;
      lastSchema = schema;
      return record.valueSchema === null
        ? joinPlain(record, found, schema)
        : joinStruct(record, record.valueSchema, schema, found.value);
    },
    close: () => table.close(),
  };
  if (table.prepare === undefined) return transform;
  return {
    ...transform,
    prepare(records) {
      const keys: TableKey[] = [];
      for (const record of records) {
        const key = record.value === null ? null : keyOrNull(keyOf, record);
        if (key !== null) keys.push(key);
      }
      return keys.length === 0 ? undefined : table.prepare?.(keys);
    },
  };
}

/** A record whose key cannot be read is no reason to ask nothing: its `apply` says what is wrong with it. */
function keyOrNull(keyOf: (record: ConnectRecord) => TableKey | null, record: ConnectRecord): TableKey | null {
  try {
    return keyOf(record);
  } catch {
    return null;
  }
}

/** The names that a miss sets, as far as they are known. */
function missingTargets(wanted: readonly CopiedField[], rowSchema: Schema | null | undefined): readonly string[] {
  if (wanted.length > 0) return wanted.map(({ target }) => target);
  if (rowSchema === null || rowSchema === undefined) return [];
  return rowSchema.type === 'struct' ? rowSchema.fields.map(({ name }) => name) : ['value'];
}

/** What a table calls `path` is `table.path` to the user. */
function withPrefix(error: unknown): unknown {
  if (!ConfigError.isInstance(error) || error.problems.length === 0) return error;
  return new ConfigError(
    error.problems.map(({ key, message }) => ({ key: `table.${key}`, message })),
    { cause: error },
  );
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
