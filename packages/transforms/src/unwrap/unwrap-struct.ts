import { compileStructMapper, type Field, type FieldSource, type Header, Schema, type Struct } from '@millrace/api';
import { schemaBasics } from '../core/schema-basics.ts';
import { readStep, structField } from '../fields/read-field.ts';
import type { EnvelopePart } from './config.ts';

/** What is the same for all envelopes of one schema. */
export interface CompiledEnvelope {
  /** `undefined`: these are no envelopes. */
  readonly rows: { readonly before: Rows | undefined; readonly after: Rows | undefined } | undefined;
  readonly headersOf: (envelope: Struct) => readonly Header[];
}

/** Rows as they stand in one part of the envelope. */
export interface Rows {
  readonly schema: Schema;
  readonly get: (envelope: Struct) => unknown;
  /** Makes the value of the record from a row that is a struct. */
  readonly written: { readonly schema: Schema; readonly map: (row: Struct, envelope: Struct) => Struct };
}

export interface EnvelopeOptions {
  readonly fields: readonly EnvelopePart[];
  readonly headers: readonly EnvelopePart[];
  /** Whether rows get `__deleted`. */
  readonly isRewrite: boolean;
  readonly replaceNull: boolean;
}

export function compileEnvelope(schema: Schema, options: EnvelopeOptions): CompiledEnvelope {
  if (!isEnvelope(schema)) return { rows: undefined, headersOf: () => [] };
  const rowsIn = (name: string, isDeleted: boolean): Rows | undefined => {
    const field = schema.field(name);
    return field === undefined ? undefined : compileRows(schema, field, isDeleted, options);
  };
  const headers = options.headers.flatMap((part) => envelopeField(schema, part));
  return {
    rows: { before: rowsIn('before', true), after: rowsIn('after', false) },
    headersOf: (envelope) =>
      headers.map((header) => ({ key: header.name, value: header.get(envelope), schema: header.schema })),
  };
}

/** By the name that Debezium gives; a schema without a name is known by its fields. */
function isEnvelope(schema: Schema): boolean {
  if (schema.type !== 'struct') return false;
  if (schema.name !== undefined) return schema.name === 'Envelope' || schema.name.endsWith('.Envelope');
  return (
    schema.field('op')?.schema.type === 'string' &&
    (schema.field('after') !== undefined || schema.field('before') !== undefined)
  );
}

function compileRows(envelope: Schema, field: Field, isDeleted: boolean, options: EnvelopeOptions): Rows {
  const { schema } = field;
  const get = (struct: Struct): unknown => struct[field.name] ?? null;
  const added = options.fields.flatMap((part) => envelopeField(envelope, part));
  if (schema.type !== 'struct' || (added.length === 0 && !options.isRewrite)) {
    return { schema, get, written: { schema, map: (row) => row } };
  }
  const names = new Set([...added.map(({ name }) => name), ...(options.isRewrite ? [deletedField] : [])]);
  const kept = schema.fields.filter(({ name }) => !names.has(name));
  const deleted = { name: deletedField, schema: Schema.string.asOptional() };
  const all: readonly { readonly name: string; readonly schema: Schema }[] = [
    ...kept,
    ...(options.isRewrite ? [deleted] : []),
    ...added,
  ];
  const replaceNull = options.isRewrite && options.replaceNull;
  const sources: readonly FieldSource<Struct>[] = [
    ...kept.map((own) => keptField(own, replaceNull)),
    ...(options.isRewrite ? [{ value: String(isDeleted) }] : []),
    ...added.map((part) => ({ compute: (_: Struct, source: Struct) => part.get(source) })),
  ];
  const written = Schema.struct(
    all.map((each) => [each.name, each.schema] as const),
    schemaBasics(schema),
  );
  return { schema, get, written: { schema: written, map: compileStructMapper<Struct>(written, sources) } };
}

function keptField(field: Field, replaceNull: boolean): FieldSource<Struct> {
  if (!replaceNull) return { from: field.name };
  const read = readStep(field, true);
  return { compute: (row) => read(row) };
}

const deletedField = '__deleted';

interface AddedField {
  readonly name: string;
  readonly schema: Schema;
  readonly get: (envelope: Struct) => unknown;
}

/** The part as envelopes of that schema have it; none when they do not. */
function envelopeField(schema: Schema, { paths, name }: EnvelopePart): readonly AddedField[] {
  for (const path of paths) {
    const found = structField(schema, path, false);
    if (found === undefined) continue;
    const withoutDefault = found.field.schema.with({ default: undefined, optional: true });
    return [{ name, schema: withoutDefault, get: found.get }];
  }
  return [];
}
