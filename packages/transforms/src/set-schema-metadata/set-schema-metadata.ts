import { compileStructMapper, DataError, type Struct, type Transform } from '@millrace/api';
import { perSchema } from '../core/per-schema.ts';
import type { RecordPart } from '../core/record-part.ts';
import { requireStruct } from '../core/require.ts';
import { unchanged } from '../fields/change-struct.ts';
import type { SetSchemaMetadataConfig } from './config.ts';

/** Gives the struct schema of the key or value another name, another version or both. */
export function setSchemaMetadata(config: SetSchemaMetadataConfig, part: RecordPart): Transform {
  const { schemaName, schemaVersion, replaceNull } = config;
  const changeOf = perSchema((schema) => {
    requireStruct(schema, {}, purpose, part);
    const changed = schema.with({
      ...(schemaName !== null && { name: schemaName }),
      ...(schemaVersion !== null && { version: schemaVersion }),
    });
    // Only defaults can make the values different: without one, the struct itself goes on.
    const hasDefaults = schema.fields.some((field) => field.schema.defaultValue !== undefined);
    const sources = schema.fields.map((field) => unchanged<void>(field, replaceNull));
    return { schema: changed, map: hasDefaults ? compileStructMapper<void>(changed, sources) : keep };
  });
  return {
    apply(record) {
      const schema = part.schema(record);
      const value = part.value(record);
      if (schema === null) {
        if (value === null) return record;
        throw new DataError(`The ${part.name} of this record has no schema to give a name or version to.`);
      }
      const change = changeOf(schema);
      const changed = value === null ? null : change.map(requireStruct(schema, value, purpose, part), undefined);
      return part.replace(record, change.schema, changed);
    },
  };
}

const purpose = 'updating schema metadata';

function keep(struct: Struct): Struct {
  return struct;
}
