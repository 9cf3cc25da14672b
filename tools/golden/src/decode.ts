import { Decimal, Schema, type SchemaType } from '@millrace/api';
import { type TaggedBytes, type TaggedSchema, type TaggedValue, textOf } from './vectors.ts';

/** Stands for a Java value that has no counterpart here; nothing may accept it. */
export class Unrepresentable {
  readonly value: TaggedValue;

  constructor(value: TaggedValue) {
    this.value = value;
  }
}

/** The last moment that a JavaScript `Date` can hold. */
export const largestDate = 8_640_000_000_000_000n;

export function decodeSchema(tagged: TaggedSchema | null): Schema | null {
  return tagged === null ? null : schemaOf(tagged);
}

function schemaOf(tagged: TaggedSchema): Schema {
  const element = tagged.items ?? tagged.values ?? undefined;
  const keys = tagged.keys ?? undefined;
  const shape = {
    type: tagged.type.toLowerCase() as SchemaType,
    optional: tagged.optional ?? false,
    name: tagged.name,
    version: tagged.version,
    doc: tagged.doc,
    parameters: tagged.parameters,
    keySchema: keys && schemaOf(keys),
    valueSchema: element && schemaOf(element),
    fields: (tagged.fields ?? []).map(({ field, schema }, index) => ({ name: field, index, schema: schemaOf(schema) })),
  };
  const plain = Schema.from(shape);
  if (tagged.default === undefined || tagged.default === null) return plain;
  return plain.with({ default: decodeValue(tagged.default, plain) });
}

/**
 * The JavaScript value for a recorded one. `schema` is the one that stands beside it: a MAP is a `Map` then, while
 * without a schema a map with only texts as keys is an object.
 */
export function decodeValue(tagged: TaggedValue, schema: Schema | null): unknown {
  if (tagged === null) return null;
  switch (tagged.t) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'boolean':
      return tagged.v;
    case 'string':
      return textOf(tagged);
    case 'int64':
    case 'bigint':
      return BigInt(tagged.v);
    case 'float64':
      return Number(tagged.v);
    case 'float32':
      return Math.fround(Number(tagged.v));
    case 'bytes':
    case 'bytebuffer':
      return Buffer.from(tagged.v, 'base64');
    case 'decimal':
      return new Decimal(BigInt(tagged.unscaled), tagged.scale);
    case 'date': {
      const time = BigInt(tagged.v);
      return time < -largestDate || time > largestDate ? new Unrepresentable(tagged) : new Date(Number(time));
    }
    case 'array':
      return tagged.v.map((item) => decodeValue(item, elementOf(schema)));
    case 'map':
      return decodeMap(tagged, schema);
    case 'struct': {
      const own = tagged.schema === undefined ? schema : schemaOf(tagged.schema);
      if (own?.type !== 'struct') return new Unrepresentable(tagged);
      const values = objectOf(
        Object.entries(tagged.v).map(([name, value]) => [name, decodeValue(value, own.field(name)?.schema ?? null)]),
      );
      return own.create(values);
    }
    case 'java':
      return new Unrepresentable(tagged);
  }
}

export function decodeBytes(tagged: TaggedBytes): Buffer | null {
  if (tagged === null) return null;
  return 'utf8' in tagged ? Buffer.from(tagged.utf8) : Buffer.from(tagged.base64, 'base64');
}

function decodeMap(tagged: TaggedValue & { readonly t: 'map' }, schema: Schema | null): unknown {
  const keys = schema?.type === 'map' ? (schema.keySchema ?? null) : null;
  const values = elementOf(schema);
  const entries = tagged.v.map(([key, value]) => [decodeValue(key, keys), decodeValue(value, values)] as const);
  return schema?.type !== 'map' && hasOnlyTextKeys(tagged)
    ? objectOf(entries as readonly (readonly [string, unknown])[])
    : new Map(entries);
}

export function hasOnlyTextKeys(tagged: TaggedValue & { readonly t: 'map' }): boolean {
  return tagged.v.every(([key]) => key?.t === 'string');
}

function elementOf(schema: Schema | null): Schema | null {
  return schema?.type === 'map' || schema?.type === 'array' ? (schema.valueSchema ?? null) : null;
}

/** `__proto__` is a key like any other. */
function objectOf(entries: readonly (readonly [string, unknown])[]): Readonly<Record<string, unknown>> {
  const object = {};
  for (const [key, value] of entries) {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  }
  return object;
}
