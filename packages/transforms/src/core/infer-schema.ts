import { DataError, printJson, Schema, type Struct } from '@millrace/api';
import { isPlainObject, type PlainValue } from './require.ts';

/** How values of JSON become values of the schema that was made for all of them. */
export interface InferredSchema {
  readonly schema: Schema;
  readonly convert: (value: PlainValue) => Struct;
}

/**
 * A schema that all these objects fit: integers are int64, numbers with a fraction float64, and whatever differs too
 * much from object to object is the text of its JSON. Every field is optional.
 *
 * @throws DataError with the path to what no such schema holds without loss.
 */
export function inferSchema(rows: readonly PlainValue[]): InferredSchema {
  const shape = new Shape('');
  for (const row of rows) shape.add(row);
  const { schema, convert } = shape.finish();
  return { schema: schema.asRequired(), convert: convert as (value: PlainValue) => Struct };
}

/** The same for a single value of JSON of any kind; the schema is optional. */
export function inferValueSchema(value: unknown, path = ''): InferredValue {
  const shape = new Shape(path);
  shape.add(value);
  return shape.finish();
}

export interface InferredValue {
  readonly schema: Schema;
  readonly convert: (value: unknown) => unknown;
}

type Kind = 'boolean' | 'integer' | 'float' | 'string' | 'array' | 'object';

/** What was seen in one place. */
class Shape {
  readonly #path: string;
  readonly #kinds = new Set<Kind>();
  readonly #fields = new Map<string, Shape>();
  #items: Shape | undefined;
  #unsafeInteger: bigint | undefined;
  #tooLarge: bigint | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  add(value: unknown): void {
    const kind = kindOf(value);
    if (kind === undefined) return;
    this.#kinds.add(kind);
    if (kind === 'integer') this.#noteSize(value as number | bigint);
    else if (kind === 'float') this.#requireFinite(value as number);
    else if (kind === 'array') {
      this.#items ??= new Shape(`${this.#path}[]`);
      for (const item of value as readonly unknown[]) this.#items.add(item);
    } else if (kind === 'object') {
      for (const [name, inner] of Object.entries(value as PlainValue)) {
        let field = this.#fields.get(name);
        if (field === undefined) {
          field = new Shape(this.#path === '' ? name : `${this.#path}.${name}`);
          this.#fields.set(name, field);
        }
        field.add(inner);
      }
    }
  }

  finish(): InferredValue {
    const kinds = [...this.#kinds].sort().join('+');
    switch (kinds) {
      case 'boolean':
        return finished(Schema.boolean, (value) => value);
      case 'integer':
        if (this.#tooLarge !== undefined) throw this.#refusal(`the integer ${this.#tooLarge} is beyond 64 bits`);
        return finished(Schema.int64, (value) => BigInt(value as number | bigint));
      case 'float':
      case 'float+integer':
        if (this.#unsafeInteger !== undefined) {
          throw this.#refusal(`the integer ${this.#unsafeInteger} stands beside fractions and would be rounded`);
        }
        return finished(Schema.float64, Number);
      case '':
      case 'string':
        return finished(Schema.string, (value) => value);
      case 'array': {
        const items = (this.#items as Shape).finish();
        return finished(Schema.array(items.schema), (value) => (value as readonly unknown[]).map(items.convert));
      }
      case 'object':
        return this.#finishStruct();
      default:
        return finished(Schema.string, (value) => (typeof value === 'string' ? value : printJson(value)));
    }
  }

  #finishStruct(): InferredValue {
    if (this.#fields.has('')) throw this.#refusal('there is a field with an empty name');
    const fields = [...this.#fields].map(([name, shape]) => [name, shape.finish()] as const);
    const schema = Schema.struct(fields.map(([name, field]) => [name, field.schema] as const));
    return finished(schema, (value) => {
      const object = value as PlainValue;
      const values = fields.map(([name, { convert }]) => [
        name,
        Object.hasOwn(object, name) ? convert(object[name]) : null,
      ]);
      return schema.create(Object.fromEntries(values));
    });
  }

  #noteSize(value: number | bigint): void {
    if (typeof value === 'number') return;
    if (!Number.isSafeInteger(Number(value))) this.#unsafeInteger ??= value;
    if (BigInt.asIntN(64, value) !== value) this.#tooLarge ??= value;
  }

  #requireFinite(value: number): void {
    if (!Number.isFinite(value)) throw this.#refusal('a number is beyond what 64 bits of a float hold');
  }

  #refusal(problem: string): DataError {
    const where = this.#path === '' ? 'the top' : this.#path;
    const options = this.#path === '' ? undefined : { path: this.#path };
    return new DataError(`No schema can be made of the JSON: at ${where} ${problem}.`, options);
  }
}

function finished(schema: Schema, convert: (value: unknown) => unknown): InferredValue {
  return {
    schema: schema.asOptional(),
    convert: (value) => (value === null || value === undefined ? null : convert(value)),
  };
}

function kindOf(value: unknown): Kind | undefined {
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'string':
      return 'string';
    case 'bigint':
      return 'integer';
    case 'number':
      return Number.isSafeInteger(value) ? 'integer' : 'float';
    default:
      if (Array.isArray(value)) return 'array';
      return isPlainObject(value) ? 'object' : undefined;
  }
}
