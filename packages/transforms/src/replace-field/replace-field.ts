import { compileStructMapper, DataError, type FieldSource, Schema, type Struct, type Transform } from '@millrace/api';
import { perSchema } from '../core/per-schema.ts';
import { perShape, type ShapeField } from '../core/per-shape.ts';
import { putProperty } from '../core/put-property.ts';
import type { RecordPart } from '../core/record-part.ts';
import { isPlainObject, kindOf, type PlainValue, requireObject, requireStruct } from '../core/require.ts';
import { schemaBasics } from '../core/schema-basics.ts';
import { unchanged } from '../fields/change-struct.ts';
import { compileReader } from '../fields/compile-reader.ts';
import { parseFieldPath } from '../fields/field-path.ts';
import { type FieldTree, fieldTree } from '../fields/field-tree.ts';
import { stepOf } from '../fields/read-field.ts';
import { type ReplaceFieldConfig, splitRename } from './config.ts';
import { choiceFor, type Selection, selectionOf } from './selection.ts';

/** Takes fields out and gives them other names. */
export function replaceField(config: ReplaceFieldConfig, part: RecordPart): Transform {
  const selection = configuredSelection(config);
  const select = compileSelect(selection);
  const changeOf = perSchema((schema) => {
    requireStruct(schema, {}, purpose, part);
    return compile(schema, selection, config.replaceNull);
  });
  return {
    apply(record) {
      const schema = part.schema(record);
      const value = part.value(record);
      if (value === null) return record;
      if (schema === null) {
        return part.replace(record, null, select(requireObject(value, purpose, part)));
      }
      const change = changeOf(schema);
      return part.replace(record, change.schema, change.map(requireStruct(schema, value, purpose, part)));
    },
  };
}

interface Compiled {
  readonly schema: Schema;
  readonly map: (struct: Struct) => Struct;
}

const purpose = 'field replacement';

function configuredSelection({ exclude, include, renames, fieldSyntax }: ReplaceFieldConfig): Selection {
  const marks = (fields: readonly string[]): FieldTree<true> | undefined =>
    fields.length === 0 ? undefined : fieldTree(fields.map((field) => [parseFieldPath(field, fieldSyntax), true]));
  const newNames = renames.map(splitRename).map(([from, to]) => [parseFieldPath(from, fieldSyntax), to] as const);
  return selectionOf({ exclude: marks(exclude), include: marks(include), renames: fieldTree(newNames) });
}

function compile(schema: Schema, selection: Selection, replaceNull: boolean): Compiled {
  const fields: [string, Schema][] = [];
  const sources: FieldSource<void>[] = [];
  for (const field of schema.fields) {
    const choice = choiceFor(field.name, selection);
    if (choice === null) continue;
    const name = choice?.name ?? field.name;
    if (choice?.inside === undefined) {
      fields.push([name, field.schema]);
      sources.push(unchanged(field, replaceNull));
      continue;
    }
    if (field.schema.type !== 'struct') throw noWayInto(field.name, `of type ${field.schema.type}`, choice.path);
    const inner = compile(field.schema, choice.inside, replaceNull);
    const { optional, defaultValue } = field.schema;
    const innerDefault = defaultValue === undefined ? undefined : inner.map(defaultValue as Struct);
    fields.push([name, inner.schema.with({ optional, default: innerDefault } as { optional: true })]);
    sources.push({
      compute: compileReader<void>([stepOf(field, replaceNull)], (value) =>
        value === null ? null : inner.map(value as Struct),
      ),
    });
  }
  const changed = Schema.struct(fields, schemaBasics(schema));
  const map = compileStructMapper<void>(changed, sources);
  return { schema: changed, map: map as (struct: Struct) => Struct };
}

/** The same as {@link selectPlain}, compiled for objects that have the same names again and again. */
function compileSelect(selection: Selection): (object: PlainValue) => PlainValue {
  const mapFor = perShape<void>((names) => {
    const fields = names.flatMap((name): ShapeField<void>[] => {
      const choice = choiceFor(name, selection);
      if (choice === null) return [];
      if (choice?.inside === undefined) return [[choice?.name ?? name, { from: name }]];
      const inner = compileSelect(choice.inside);
      return [[choice.name, { compute: (object) => selectInside(object[name], name, choice.path, inner) }]];
    });
    // Of equal names the last counts, but in the place of the first.
    return [...new Map(fields)];
  });
  return (object) => {
    const map = mapFor(object);
    return map === undefined ? selectPlain(object, selection) : map(object, undefined);
  };
}

function selectPlain(object: PlainValue, selection: Selection): PlainValue {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(object)) {
    const choice = choiceFor(key, selection);
    if (choice === null) continue;
    const inside = choice?.inside;
    const value = object[key];
    const selected =
      choice === undefined || inside === undefined
        ? value
        : selectInside(value, key, choice.path, (inner) => selectPlain(inner, inside));
    putProperty(result, choice?.name ?? key, selected);
  }
  return result;
}

function selectInside(value: unknown, name: string, path: string, select: (object: PlainValue) => PlainValue): unknown {
  if (value === null || value === undefined) return value;
  if (isPlainObject(value)) return select(value);
  throw noWayInto(name, kindOf(value), path);
}

function noWayInto(name: string, found: string, path: string): DataError {
  return new DataError(`The path ${path} goes through the field ${name}, which is ${found} and has no fields inside.`, {
    path,
  });
}
