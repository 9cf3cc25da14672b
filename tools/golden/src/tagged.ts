import type { TaggedSchema, TaggedSchemaAndValue, TaggedValue } from './vectors.ts';

const dateName = 'org.apache.kafka.connect.data.Date';

/** What the integers of each operation of `Values` can be. */
export const integerRange: Readonly<Record<string, readonly [number, number]>> = {
  convertToByte: [-(2 ** 7), 2 ** 7 - 1],
  convertToShort: [-(2 ** 15), 2 ** 15 - 1],
  convertToInteger: [-(2 ** 31), 2 ** 31 - 1],
  convertToLong: [-(2 ** 63), 2 ** 63 - 1025],
  convertToDate: [-1e8, 1e8],
  convertToTime: [0, 86_400_000],
  convertToTimestamp: [-8.64e15, 8.64e15],
};

/** The value and all that is inside. */
export function valuesIn(tagged: TaggedValue): readonly TaggedValue[] {
  switch (tagged?.t) {
    case 'array':
      return [tagged, ...tagged.v.flatMap(valuesIn)];
    case 'map':
      return [tagged, ...tagged.v.flatMap((entry) => entry.flatMap(valuesIn))];
    case 'struct':
      return [tagged, ...Object.values(tagged.v).flatMap(valuesIn)];
    default:
      return [tagged];
  }
}

/** The defaults of a schema and of all schemas inside. */
export function defaultsIn(schema: TaggedSchema | null): readonly TaggedValue[] {
  if (schema === null) return [];
  const inner = [schema.items, schema.keys, schema.values, ...(schema.fields ?? []).map((field) => field.schema)];
  return [schema.default ?? null, ...inner.flatMap((one) => defaultsIn(one ?? null))];
}

/** The numbers, at any depth, that no schema describes. */
export function numbersWithoutSchema({ schema, value }: TaggedSchemaAndValue): readonly TaggedValue[] {
  switch (value?.t) {
    case 'array':
      return value.v.flatMap((item) => numbersWithoutSchema({ schema: schema?.items ?? null, value: item }));
    case 'map':
      return value.v.flatMap(([key, inner]) => [
        ...numbersWithoutSchema({ schema: schema?.keys ?? null, value: key }),
        ...numbersWithoutSchema({ schema: schema?.values ?? null, value: inner }),
      ]);
    case 'struct': {
      // A struct without a schema is an object here, whatever it knew in Java.
      const fields = new Map(schema?.fields?.map((field) => [field.field, field.schema]));
      return Object.entries(value.v).flatMap(([name, inner]) =>
        numbersWithoutSchema({ schema: fields.get(name) ?? null, value: inner }),
      );
    }
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'bigint':
    case 'float32':
    case 'float64':
      return schema === null ? [value] : [];
    default:
      return [];
  }
}

/** About the number that a value is, or stands for by its schema (a Date for days); `undefined` when it is none. */
export function magnitudeOf(value: TaggedValue, schema: TaggedSchema | null): number | undefined {
  switch (value?.t) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'bigint':
    case 'float32':
    case 'float64':
    case 'string':
      return Number(value.v);
    case 'decimal':
      return Number(`${value.unscaled}e${-value.scale}`);
    case 'date':
      return schema?.name === dateName ? Number(value.v) / 86_400_000 : Number(value.v);
    default:
      return undefined;
  }
}
