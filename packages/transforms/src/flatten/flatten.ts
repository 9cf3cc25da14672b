import {
  compileStructMapper,
  DataError,
  type Field,
  type FieldSource,
  Schema,
  type Struct,
  type Transform,
} from '@millrace/api';
import { perSchema } from '../core/per-schema.ts';
import { putProperty } from '../core/put-property.ts';
import type { RecordPart } from '../core/record-part.ts';
import { isPlainObject, kindOf, type PlainValue, requireObject, requireStruct } from '../core/require.ts';
import { schemaBasics } from '../core/schema-basics.ts';
import { compileReader, type ReadStep } from '../fields/compile-reader.ts';
import { stepOf } from '../fields/read-field.ts';
import type { FlattenConfig } from './config.ts';

/** Makes one flat struct (or object) of nested ones; the names are joined. */
export function flatten({ delimiter, replaceNull }: FlattenConfig, part: RecordPart): Transform {
  const join = (prefix: string, name: string): string => (prefix === '' ? name : prefix + delimiter + name);
  const changeOf = perSchema((schema) => {
    requireStruct(schema, {}, purpose, part);
    const fields: [string, Schema][] = [];
    const sources: FieldSource<void>[] = [];
    const collect = (outer: Branch): void => {
      for (const field of outer.schema.fields) {
        const name = join(outer.prefix, field.name);
        const inner = branchOf(outer, field, name, replaceNull);
        if (field.schema.type === 'struct') {
          collect(inner);
        } else if (field.schema.type === 'map') {
          throw new DataError(`A map in a struct cannot be flattened: field ${name}.`, { path: name });
        } else {
          fields.push([name, flatSchema(inner)]);
          sources.push({ compute: compileReader(inner.steps) });
        }
      }
    };
    collect(rootOf(schema));
    const flat = Schema.struct(fields, schemaBasics(schema));
    return { schema: flat, map: compileStructMapper(flat, sources) };
  });

  const flattenInto = (target: Record<string, unknown>, object: PlainValue, prefix: string): void => {
    for (const key of Object.keys(object)) {
      const name = join(prefix, key);
      const value = object[key];
      if (isPlainObject(value)) flattenInto(target, value, name);
      else putProperty(target, name, requirePlain(value, name));
    }
  };

  return {
    apply(record) {
      const schema = part.schema(record);
      const value = part.value(record);
      if (value === null) return record;
      if (schema === null) {
        const flat = {};
        flattenInto(flat, requireObject(value, purpose, part), '');
        return part.replace(record, null, flat);
      }
      const { schema: flat, map } = changeOf(schema);
      return part.replace(record, flat, map(requireStruct(schema, value, purpose, part), undefined));
    },
  };
}

/** A place in a nested schema, with all that it takes over from what stands around it. */
interface Branch {
  readonly prefix: string;
  readonly schema: Schema;
  readonly optional: boolean;
  readonly defaultValue: unknown;
  /** The way from the outermost struct. */
  readonly steps: readonly ReadStep[];
}

const purpose = 'flattening';

function rootOf(schema: Schema): Branch {
  const { optional, defaultValue } = schema;
  return { prefix: '', schema, optional, defaultValue, steps: [] };
}

function branchOf(outer: Branch, field: Field, prefix: string, replaceNull: boolean): Branch {
  const { schema } = field;
  const outerDefault = outer.defaultValue as Struct | undefined;
  return {
    prefix,
    schema,
    optional: outer.optional || schema.optional,
    defaultValue: schema.defaultValue ?? outerDefault?.[field.name] ?? undefined,
    steps: [...outer.steps, stepOf(field, replaceNull)],
  };
}

function flatSchema({ schema, optional, defaultValue }: Branch): Schema {
  return schema.with({ optional, default: defaultValue } as { optional: true });
}

function requirePlain(value: unknown, name: string): unknown {
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'object':
      if (value === null || Array.isArray(value) || value instanceof Uint8Array) return value;
      throw new DataError(`Field ${name} is ${kindOf(value)}, which cannot be flattened without a schema.`, {
        path: name,
      });
    default:
      return value;
  }
}
