import { DataError, type Transform } from '@millrace/api';
import { perSchema } from '../core/per-schema.ts';
import type { RecordPart } from '../core/record-part.ts';
import { requireObject, requireStruct } from '../core/require.ts';
import { parseFieldPath } from '../fields/field-path.ts';
import { plainField, structField } from '../fields/read-field.ts';
import type { ExtractFieldConfig } from './config.ts';

/** Puts one field in the place of the whole key or value. */
export function extractField(config: ExtractFieldConfig, part: RecordPart): Transform {
  const { field: text, fieldSyntax, replaceNull } = config;
  const path = parseFieldPath(text, fieldSyntax);
  const fieldOf = perSchema((schema) => {
    requireStruct(schema, {}, purpose, part);
    const found = structField(schema, path, replaceNull);
    if (found === undefined) {
      throw new DataError(
        `Unknown field: ${text}. The fields are: ${schema.fields.map(({ name }) => name).join(', ')}.`,
        {
          path: text,
        },
      );
    }
    return found;
  });
  return {
    apply(record) {
      const schema = part.schema(record);
      const value = part.value(record);
      if (schema === null) {
        if (value === null) return record;
        return part.replace(record, null, plainField(requireObject(value, purpose, part), path) ?? null);
      }
      const { field, get } = fieldOf(schema);
      return part.replace(
        record,
        field.schema,
        value === null ? null : get(requireStruct(schema, value, purpose, part)),
      );
    },
  };
}

const purpose = 'field extraction';
