import { DataError, Decimal, printJson, type Schema, type Struct } from '@millrace/api';

type Print = (value: unknown, path: string) => string;

const printers = new WeakMap<Schema, Print>();

/**
 * A value as JSON for people and other programs: 64-bit integers and decimals are numbers with all their digits, dates
 * and times are ISO texts, bytes are Base64, maps with texts as keys are objects and others lists of pairs. What is not
 * set is `null`, or the default of its field.
 *
 * @throws DataError for what JSON does not have, such as NaN.
 */
export function jsonText(schema: Schema | null, value: unknown): string {
  return schema === null ? plainText(value, '') : printerOf(schema)(value, '');
}

function printerOf(schema: Schema): Print {
  let print = printers.get(schema);
  if (print === undefined) {
    print = orDefault(schema, compile(schema));
    printers.set(schema, print);
  }
  return print;
}

function orDefault(schema: Schema, print: Print): Print {
  const byDefault = schema.defaultValue ?? null;
  const absent = byDefault === null ? 'null' : print(byDefault, '');
  return (value, path) => (value === null || value === undefined ? absent : print(value, path));
}

function compile(schema: Schema): Print {
  switch (schema.representation) {
    case 'string':
      return (value) => JSON.stringify(value);
    case 'struct':
      return compileStruct(schema);
    case 'array': {
      const items = printerOf(schema.valueSchema as Schema);
      return (value, path) =>
        `[${(value as unknown[]).map((item, index) => items(item, `${path}[${index}]`)).join(',')}]`;
    }
    case 'map':
      return compileMap(schema.keySchema as Schema, schema.valueSchema as Schema);
    case 'date':
      return (value) => `"${(value as Date).toISOString().slice(0, 10)}"`;
    case 'time':
      return (value) => `"${(value as Date).toISOString().slice(11, -1)}"`;
    default:
      return plainText;
  }
}

function compileStruct(schema: Schema): Print {
  const fields = schema.fields.map(({ name, schema: inner }, index) => ({
    name,
    start: `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`,
    print: printerOf(inner),
  }));
  if (fields.length === 0) return () => '{}';
  return (value, path) => {
    let text = '';
    for (const { name, start, print } of fields) {
      text += start + print((value as Struct)[name], path === '' ? name : `${path}.${name}`);
    }
    return `${text}}`;
  };
}

function compileMap(keySchema: Schema, valueSchema: Schema): Print {
  const [key, inner] = [printerOf(keySchema), printerOf(valueSchema)];
  const isObject = keySchema.type === 'string';
  return (value, path) => {
    const entries = [...(value as ReadonlyMap<unknown, unknown>)].map(([name, item]) => {
      const [left, right] = [key(name, path), inner(item, `${path}[${String(name)}]`)];
      return isObject ? `${left}:${right}` : `[${left},${right}]`;
    });
    return isObject ? `{${entries.join(',')}}` : `[${entries.join(',')}]`;
  };
}

/** Without a schema the value itself says what it is. */
function plainText(value: unknown, path: string): string {
  switch (typeof value) {
    case 'number':
      if (Number.isFinite(value)) return String(value);
      throw new DataError(`JSON has no number ${value}.`, path === '' ? {} : { path });
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'string':
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : objectText(value, path);
    case 'undefined':
      return 'null';
    default:
      throw new DataError(`JSON has no ${typeof value}.`, path === '' ? {} : { path });
  }
}

function objectText(value: object, path: string): string {
  if (value instanceof Date) return printJson(value);
  if (Decimal.isInstance(value)) return value.toString();
  if (value instanceof Uint8Array) {
    return `"${Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64')}"`;
  }
  if (Array.isArray(value)) return `[${value.map((item, index) => plainText(item, `${path}[${index}]`)).join(',')}]`;
  const entries: Iterable<readonly [unknown, unknown]> = value instanceof Map ? value : Object.entries(value);
  const texts = [...entries].map(([name, item]) => {
    const inner = path === '' ? String(name) : `${path}.${String(name)}`;
    return `${JSON.stringify(String(name))}:${plainText(item, inner)}`;
  });
  return `{${texts.join(',')}}`;
}
