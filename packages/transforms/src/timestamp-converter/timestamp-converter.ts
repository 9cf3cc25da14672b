import type { ConnectRecord, Schema, Transform } from '@millrace/api';
import { perSchema } from '../core/per-schema.ts';
import type { RecordPart } from '../core/record-part.ts';
import { requireObject, requireStruct } from '../core/require.ts';
import { changePlain, type PlainVisitor } from '../fields/change-plain.ts';
import { compileStructChange } from '../fields/change-struct.ts';
import { parseFieldPath } from '../fields/field-path.ts';
import { fieldTree } from '../fields/field-tree.ts';
import type { TimestampConverterConfig } from './config.ts';
import { type TimestampLocation, timestampTranslator } from './translate-timestamp.ts';

const purpose = 'converting timestamp formats';

/** Makes timestamps of another type from those in the key or value, or in one of its fields. */
export function timestampConverter(config: TimestampConverterConfig, part: RecordPart): Transform {
  return config.field === '' ? convertWhole(config, part) : convertField(config, part);
}

function convertWhole(config: TimestampConverterConfig, part: RecordPart): Transform {
  const translator = timestampTranslator(config);
  const location: TimestampLocation = { part: part.name };
  const compile = perSchema((schema) => ({
    schema: schema.optional ? translator.schema.asOptional() : translator.schema,
    translate: translator.from(schema, location),
  }));
  return {
    apply(record) {
      const schema = part.schema(record);
      const value = part.value(record);
      if (schema !== null) {
        const { schema: newSchema, translate } = compile(schema);
        return part.replace(record, newSchema, translate(value));
      }
      return value === null ? record : part.replace(record, null, translator.plain(value, location));
    },
  };
}

function convertField(config: TimestampConverterConfig, part: RecordPart): Transform {
  const { field, replaceNull } = config;
  const translator = timestampTranslator(config);
  const tree = fieldTree<true>([[parseFieldPath(field, 'V1'), true]]);
  const location: TimestampLocation = { part: part.name, path: field };

  const compile = perSchema((schema) =>
    compileStructChange(
      schema,
      tree,
      {
        found: ({ name, schema: fieldSchema }) => ({
          name,
          schema: fieldSchema.optional ? translator.schema.asOptional() : translator.schema,
          compute: translator.from(fieldSchema, location),
        }),
      },
      { replaceNull, keepOptional: true, defaults: 'change' },
    ),
  );
  const plainVisitor: PlainVisitor<true, void> = {
    found: (value) => translator.plain(value, location),
    missing: () => null,
  };

  function withSchema<R extends ConnectRecord>(record: R, schema: Schema): R {
    const value = part.value(record);
    if (value === null && schema.type === 'struct') return part.replace(record, compile(schema).schema, null);
    const struct = requireStruct(schema, value, purpose, part);
    const change = compile(schema);
    return part.replace(record, change.schema, change.map(struct));
  }

  return {
    apply(record) {
      const schema = part.schema(record);
      if (schema !== null) return withSchema(record, schema);
      const value = part.value(record);
      if (value === null) return record;
      return part.replace(
        record,
        null,
        changePlain(requireObject(value, purpose, part), tree, plainVisitor, undefined),
      );
    },
  };
}
