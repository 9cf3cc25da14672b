import { compileStructMapper, Schema, type Struct } from '@millrace/api';
import { schemaBasics } from '../core/schema-basics.ts';
import { valueOfText } from '../core/value-of-text.ts';
import type { LookupConfig } from './config.ts';
import type { RowColumn } from './row-columns.ts';

/** How structs of one schema become joined with rows of another. */
export interface Join {
  readonly schema: Schema;
  /** `undefined` in the place of a row: there is none. */
  readonly map: (struct: Struct, row: unknown) => Struct;
}

export function compileJoin(
  schema: Schema,
  columns: readonly RowColumn[],
  { onMiss, defaults }: Pick<LookupConfig, 'onMiss' | 'defaults'>,
): Join {
  const sourceOf = ({ target, schema: columnSchema, always, get }: RowColumn) => {
    const text = onMiss === 'default' ? defaults.get(target) : undefined;
    const absent = text === undefined ? null : valueOfText(text, columnSchema);
    const isSet = always && (absent !== null || (onMiss !== 'null' && onMiss !== 'default'));
    return {
      schema: isSet ? columnSchema : columnSchema.asOptional(),
      source: { compute: (_: Struct, row: unknown) => (row === undefined ? absent : get(row)) },
    };
  };
  const added = new Map(columns.map((column) => [column.target, sourceOf(column)]));
  const kept = schema.fields.map((field) => {
    const column = added.get(field.name);
    added.delete(field.name);
    return { name: field.name, schema: column?.schema ?? field.schema, source: column?.source ?? { from: field.name } };
  });
  const all = [...kept, ...[...added].map(([name, column]) => ({ name, ...column }))];
  const joined = Schema.struct(
    all.map((field) => [field.name, field.schema] as const),
    { ...schemaBasics(schema), optional: schema.optional },
  );
  return {
    schema: joined,
    map: compileStructMapper<unknown>(
      joined,
      all.map(({ source }) => source),
    ),
  };
}
