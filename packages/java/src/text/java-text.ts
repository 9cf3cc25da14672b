import { DataError, Decimal, fits, formatDouble, formatFloat, type Schema, type Struct } from '@millrace/api';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/**
 * The text of a value as `toString` of the Java object gives it: `[1, 2]`, `{a=1}`, `Struct{id=1,name=x}`,
 * `Thu Jan 01 00:00:00 UTC 1970`; dates always in UTC. A field that is not set is not shown.
 *
 * @throws DataError for bytes: Java prints where they lay in memory, which is no use to anybody.
 */
export function javaText(schema: Schema | null, value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'number':
      return numberText(schema, value);
    case 'undefined':
      return 'null';
    case 'object':
      return value === null ? 'null' : objectText(schema, value);
    default:
      throw new DataError(`There is no text for a ${typeof value}.`);
  }
}

function numberText(schema: Schema | null, value: number): string {
  if (schema?.type === 'float32') return formatFloat(value);
  if (schema?.type === 'float64') return formatDouble(value);
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : formatDouble(value);
}

function objectText(schema: Schema | null, value: object): string {
  if (value instanceof Date) return dateText(value);
  if (Decimal.isInstance(value)) return value.toString();
  if (value instanceof Uint8Array) {
    throw new DataError('Bytes have no text; use ByteArrayConverter, or JsonConverter for bytes inside of a value.');
  }
  if (Array.isArray(value)) {
    const items = schema?.type === 'array' ? (schema.valueSchema ?? null) : null;
    return `[${value.map((item) => javaText(items, item)).join(', ')}]`;
  }
  if (value instanceof Map) return mapText(schema, value);
  if (schema?.type === 'struct' && fits('struct', value)) return structText(schema, value as Struct);
  const entries = Object.entries(value).map(([key, inner]) => `${key}=${javaText(null, inner)}`);
  return `{${entries.join(', ')}}`;
}

function mapText(schema: Schema | null, map: ReadonlyMap<unknown, unknown>): string {
  const keys = schema?.type === 'map' ? (schema.keySchema ?? null) : null;
  const values = schema?.type === 'map' ? (schema.valueSchema ?? null) : null;
  const entries = Array.from(map, ([key, value]) => `${javaText(keys, key)}=${javaText(values, value)}`);
  return `{${entries.join(', ')}}`;
}

function structText(schema: Schema, struct: Struct): string {
  const fields = Object.entries(struct)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}=${javaText(schema.field(name)?.schema ?? null, value)}`);
  return `Struct{${fields.join(',')}}`;
}

function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) throw new DataError('There is no text for an invalid Date.');
  const two = (number: number) => String(number).padStart(2, '0');
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  const day = `${weekdays[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${two(date.getUTCDate())}`;
  return `${day} ${time} UTC ${String(date.getUTCFullYear()).padStart(4, '0')}`;
}
