import type { Schema, Transform } from '@millrace/api';
import { perSchema } from '../core/per-schema.ts';
import type { RecordPart } from '../core/record-part.ts';
import { requireObject, requireStruct } from '../core/require.ts';
import { schemaBasics } from '../core/schema-basics.ts';
import { compilePlainChange, type PlainVisitor } from '../fields/change-plain.ts';
import { compileStructChange, type StructVisitor } from '../fields/change-struct.ts';
import { parseFieldPath } from '../fields/field-path.ts';
import { fieldTree } from '../fields/field-tree.ts';
import { castOf, castPlain, schemaOf } from './cast-value.ts';
import type { CastConfig } from './config.ts';
import { type CastTarget, parseCastSpec } from './spec.ts';

/** Changes the type of fields, or of the whole key or value. */
export function cast(config: CastConfig, part: RecordPart): Transform {
  const { whole, fields } = parseCastSpec(config.spec).spec;
  return whole === undefined ? castFields(fields, config, part) : castWhole(whole, part);
}

const purpose = 'casting types';

function castWhole(target: CastTarget, part: RecordPart): Transform {
  const changeOf = perSchema((schema) => {
    const map = castOf(schema, target, undefined);
    const { optional, defaultValue } = schema;
    const changed = schemaOf(target).with({ ...schemaBasics(schema), optional } as { optional: true });
    return { schema: defaultValue === undefined ? changed : changed.with({ default: map(defaultValue) }), map };
  });
  return {
    apply(record) {
      const schema = part.schema(record);
      const value = part.value(record);
      if (value === null) return record;
      if (schema === null) return part.replace(record, null, castPlain(value, target, undefined));
      const change = changeOf(schema);
      return part.replace(record, change.schema, change.map(value));
    },
  };
}

function castFields(
  fields: readonly (readonly [string, CastTarget])[],
  { fieldSyntax, replaceNull }: CastConfig,
  part: RecordPart,
): Transform {
  const tree = fieldTree(fields.map(([field, target]) => [parseFieldPath(field, fieldSyntax), target] as const));
  const changeObject = compilePlainChange(tree, plainVisitor);
  const changeOf = perSchema((schema) => {
    requireStruct(schema, {}, purpose, part);
    return compileStructChange(schema, tree, structVisitor, { replaceNull, keepOptional: true, defaults: 'change' });
  });
  return {
    apply(record) {
      const schema = part.schema(record);
      const value = part.value(record);
      if (value === null) return record;
      if (schema === null) {
        const object = requireObject(value, purpose, part);
        return part.replace(record, null, changeObject(object, undefined));
      }
      const change = changeOf(schema);
      return part.replace(record, change.schema, change.map(requireStruct(schema, value, purpose, part), undefined));
    },
  };
}

const structVisitor: StructVisitor<CastTarget, void> = {
  found: (field, target, path) => {
    const compute = castOf(field.schema, target, path);
    return { name: field.name, schema: castSchema(field.schema, target, compute), compute };
  },
};

const plainVisitor: PlainVisitor<CastTarget, void> = {
  found: (value, target, path) => castPlain(value, target, path),
  missing: () => null,
};

function castSchema(
  { optional, defaultValue }: Schema,
  target: CastTarget,
  castValue: (value: unknown) => unknown,
): Schema {
  const changed = optional ? schemaOf(target).asOptional() : schemaOf(target);
  return defaultValue === undefined ? changed : changed.with({ default: castValue(defaultValue) });
}
