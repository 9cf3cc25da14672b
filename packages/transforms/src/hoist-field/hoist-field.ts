import { compileStructMapper, Schema, type Struct, type Transform } from '@millrace/api';
import { perSchema } from '../core/per-schema.ts';
import { putProperty } from '../core/put-property.ts';
import type { RecordPart } from '../core/record-part.ts';
import { parseFieldPath } from '../fields/field-path.ts';
import type { HoistFieldConfig } from './config.ts';

interface Wrapper {
  readonly schema: Schema;
  readonly wrap: (value: unknown) => unknown;
}

/** Wraps the key or value, `null` too, into a struct or object with one field. */
export function hoistField({ field, fieldSyntax }: HoistFieldConfig, part: RecordPart): Transform {
  const names = parseFieldPath(field, fieldSyntax).steps.toReversed();
  const wrapperOf = perSchema((schema) => names.reduce(wrapInto, { schema, wrap: (value) => value }));
  return {
    apply(record) {
      const schema = part.schema(record);
      const value = part.value(record);
      if (schema === null) return part.replace(record, null, names.reduce(wrapPlain, value));
      const wrapper = wrapperOf(schema);
      return part.replace(record, wrapper.schema, wrapper.wrap(value));
    },
  };
}

function wrapInto(inner: Wrapper, name: string): Wrapper {
  const schema: Schema = Schema.struct([[name, inner.schema]]);
  const map = compileStructMapper<unknown>(schema, [{ compute: (_, value) => inner.wrap(value) }]);
  return { schema, wrap: (value) => map(nothing, value) };
}

function wrapPlain(value: unknown, name: string): unknown {
  const wrapped = {};
  putProperty(wrapped, name, value);
  return wrapped;
}

const nothing: Struct = {};
