import type { Transform } from '@millrace/api';
import { perSchema } from '../core/per-schema.ts';
import type { RecordPart } from '../core/record-part.ts';
import { requireObject, requireStruct } from '../core/require.ts';
import { compilePlainChange, type PlainVisitor } from '../fields/change-plain.ts';
import { compileStructChange, type StructVisitor } from '../fields/change-struct.ts';
import { parseFieldPath } from '../fields/field-path.ts';
import { fieldTree } from '../fields/field-tree.ts';
import type { MaskFieldConfig } from './config.ts';
import { maskOf, maskPlain } from './mask-value.ts';

/** Puts the empty value of their type, or a replacement, in the place of fields; what is null stays null. */
export function maskField(config: MaskFieldConfig, part: RecordPart): Transform {
  const { fields, replacement, fieldSyntax, nullValues, replaceNull } = config;
  const tree = fieldTree(fields.map((field) => [parseFieldPath(field, fieldSyntax), true] as const));
  const structVisitor: StructVisitor<true, void> = {
    found: ({ name, schema }, _, path) => {
      const mask = maskOf(schema, replacement, path);
      return { name, schema, compute: (value) => (value === null ? null : mask()) };
    },
  };
  const plainVisitor: PlainVisitor<true, void> = {
    found: (value, _, path) => (value === null || value === undefined ? null : maskPlain(value, replacement, path)),
    missing: () => null,
  };
  const changeObject = compilePlainChange(tree, plainVisitor);
  const changeOf = perSchema((schema) => {
    requireStruct(schema, {}, purpose, part);
    return compileStructChange(schema, tree, structVisitor, { replaceNull, keepOptional: true, defaults: 'keep' });
  });
  return {
    apply(record) {
      const schema = part.schema(record);
      const value = part.value(record);
      if (value === null && nullValues === 'pass') return record;
      if (schema === null) {
        const object = requireObject(value, purpose, part);
        return part.replace(record, null, changeObject(object, undefined));
      }
      const struct = requireStruct(schema, value, purpose, part);
      return part.replace(record, schema, changeOf(schema).map(struct, undefined));
    },
  };
}

const purpose = 'masking fields';
