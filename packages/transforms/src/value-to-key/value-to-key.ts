import { compileStructMapper, DataError, type FieldSource, Schema, type Transform } from '@millrace/api';
import { perSchema } from '../core/per-schema.ts';
import { putProperty } from '../core/put-property.ts';
import { keyPart, valuePart } from '../core/record-part.ts';
import { requireObject, requireStruct } from '../core/require.ts';
import { unchanged } from '../fields/change-struct.ts';
import { parseFieldPath } from '../fields/field-path.ts';
import { plainField, structField } from '../fields/read-field.ts';
import type { ValueToKeyConfig } from './config.ts';

/** Makes a new key of fields of the value. */
export function valueToKey(config: ValueToKeyConfig): Transform {
  const { fieldSyntax, nullValues, replaceNull } = config;
  const fields = [...new Set(config.fields)].map((text) => {
    const path = parseFieldPath(text, fieldSyntax);
    return { path, name: path.steps.at(-1) as string };
  });
  const keyOf = perSchema((valueSchema) => {
    requireStruct(valueSchema, {}, purpose, valuePart);
    const found = fields.map(({ path, name }): readonly [string, Schema, FieldSource<void>] => {
      const field = structField(valueSchema, path, replaceNull);
      if (field === undefined) {
        throw new DataError(`Field does not exist: ${path.text}.`, { path: path.text });
      }
      const source = path.steps.length === 1 ? unchanged<void>(field.field, replaceNull) : { compute: field.get };
      return [name, field.field.schema, source];
    });
    const schema = Schema.struct(found.map(([name, fieldSchema]) => [name, fieldSchema] as const));
    const sources = found.map(([, , source]) => source);
    return { schema, map: compileStructMapper<void>(schema, sources) };
  });
  return {
    apply(record) {
      const { valueSchema, value } = record;
      if (value === null && nullValues === 'pass') return record;
      if (valueSchema === null) {
        const object = requireObject(value, purpose, valuePart);
        const key = {};
        for (const { path, name } of fields) putProperty(key, name, plainField(object, path) ?? null);
        return keyPart.replace(record, null, key);
      }
      const struct = requireStruct(valueSchema, value, purpose, valuePart);
      const { schema, map } = keyOf(valueSchema);
      return keyPart.replace(record, schema, map(struct, undefined));
    },
  };
}

const purpose = 'copying fields from value to key';
