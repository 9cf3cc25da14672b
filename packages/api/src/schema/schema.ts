import { brandOf } from '../brand.ts';
import { Decimal } from '../data/decimal.ts';
import { DataError } from '../errors/errors.ts';
import { contentKey, intern } from './intern.ts';
import { logicalNames, type Representation, representationOf, type SchemaType } from './schema-type.ts';
import { compileCreate } from './struct-literal.ts';
import { validate } from './validate.ts';

/** What a schema says beside its type; what is left out is not there. */
export interface SchemaMetadata<T = unknown> {
  readonly name?: string | undefined;
  readonly version?: number | undefined;
  readonly doc?: string | undefined;
  /** Written in this order. */
  readonly parameters?: Readonly<Record<string, string>> | ReadonlyMap<string, string> | undefined;
  /** Stands in for `null`; must be a value of the schema. */
  readonly default?: T | undefined;
  readonly optional?: boolean | undefined;
}

export interface Field<T = unknown> {
  readonly name: string;
  readonly index: number;
  readonly schema: Schema<T>;
}

/** The TypeScript type of a schema's values. */
export type ValueOf<S> = S extends Schema<infer T> ? T : never;

/** A struct's values by field name: exactly its schema's fields, in order, `null` where unset. */
export type Struct = Readonly<Record<string, unknown>>;

type StructOf<F> = { readonly [K in keyof F]: ValueOf<F[K]> };

/** What `create` takes: fields that may be `null` can be left out. */
export type StructInit<T> = { readonly [K in keyof T as null extends T[K] ? never : K]: T[K] } & {
  readonly [K in keyof T as null extends T[K] ? K : never]?: T[K] | undefined;
};

/** What two schemas must have alike to be one. */
export interface SchemaContent {
  readonly type: SchemaType;
  readonly optional: boolean;
  readonly name: string | undefined;
  readonly version: number | undefined;
  readonly doc: string | undefined;
  readonly parameters: ReadonlyMap<string, string> | undefined;
  readonly defaultValue: unknown;
  readonly keySchema: Schema | undefined;
  readonly valueSchema: Schema | undefined;
  readonly fields: readonly Field[];
}

const brand = brandOf('schema');
const noFields: readonly Field[] = Object.freeze([]);
let lastId = 0;

/**
 * The type of a value; immutable and interned: equal content is one live instance, so `===` compares schemas, and
 * what was compiled for one is found by its identity.
 *
 * Start from {@link Schema.int64} and its like, {@link Schema.array}, {@link Schema.map} or {@link Schema.struct}, and
 * derive with {@link Schema.asOptional} and {@link Schema.with}.
 */
export class Schema<T = unknown> implements SchemaContent {
  static {
    brand.mark(Schema);
  }

  static readonly int8: Schema<number> = Schema.#of('int8');
  static readonly int16: Schema<number> = Schema.#of('int16');
  static readonly int32: Schema<number> = Schema.#of('int32');
  static readonly int64: Schema<bigint> = Schema.#of('int64');
  static readonly float32: Schema<number> = Schema.#of('float32');
  static readonly float64: Schema<number> = Schema.#of('float64');
  static readonly boolean: Schema<boolean> = Schema.#of('boolean');
  static readonly string: Schema<string> = Schema.#of('string');
  static readonly bytes: Schema<Uint8Array> = Schema.#of('bytes');
  /** Days, held as a `Date` at midnight UTC. */
  static readonly date: Schema<Date> = Schema.#of('int32', { name: logicalNames.date, version: 1 });
  /** Milliseconds of a day, held as a `Date` on 1970-01-01. */
  static readonly time: Schema<Date> = Schema.#of('int32', { name: logicalNames.time, version: 1 });
  /** Milliseconds since 1970 in UTC, held as a `Date`. */
  static readonly timestamp: Schema<Date> = Schema.#of('int64', { name: logicalNames.timestamp, version: 1 });

  readonly type: SchemaType;
  /** What stands for a value in JavaScript: the type, or the logical type that the name says. */
  readonly representation: Representation;
  readonly optional: boolean;
  readonly name: string | undefined;
  readonly version: number | undefined;
  readonly doc: string | undefined;
  readonly parameters: ReadonlyMap<string, string> | undefined;
  /** `undefined` when there is none. */
  readonly defaultValue: T | undefined;
  /** Of a map. */
  readonly keySchema: Schema | undefined;
  /** Of a map or an array. */
  readonly valueSchema: Schema | undefined;
  /** Of a struct, in order; empty for every other type. */
  readonly fields: readonly Field[];
  /** Unlike that of any other schema in this process. */
  readonly id: number;

  readonly #byName: ReadonlyMap<string, Field> | undefined;
  #optionalForm: Schema | undefined;
  #create: ((values: object) => Struct) | undefined;

  private constructor(content: SchemaContent) {
    this.type = content.type;
    this.representation = representationOf(content.type, content.name);
    this.optional = content.optional;
    this.name = content.name;
    this.version = content.version;
    this.doc = content.doc;
    this.parameters = content.parameters;
    this.defaultValue = content.defaultValue as T | undefined;
    this.keySchema = content.keySchema;
    this.valueSchema = content.valueSchema;
    this.fields = content.fields;
    this.id = ++lastId;
    this.#byName = content.type === 'struct' ? new Map(content.fields.map((field) => [field.name, field])) : undefined;
  }

  static isInstance(value: unknown): value is Schema {
    return brand.isOn(value);
  }

  /** Exact decimal numbers with a fixed number of digits behind the point. */
  static decimal(scale: number): Schema<Decimal> {
    return Schema.#of('bytes', { name: logicalNames.decimal, version: 1, parameters: { scale: String(scale) } });
  }

  static array<T>(items: Schema<T>, metadata?: SchemaMetadata<readonly T[]>): Schema<readonly T[]> {
    return Schema.#of('array', metadata, { valueSchema: items });
  }

  static map<K, V>(
    keys: Schema<K>,
    values: Schema<V>,
    metadata?: SchemaMetadata<ReadonlyMap<K, V>>,
  ): Schema<ReadonlyMap<K, V>> {
    return Schema.#of('map', metadata, { keySchema: keys, valueSchema: values });
  }

  /**
   * A struct whose field names are known where it is written. Names that look like numbers would lose their order in an
   * object: give pairs (`[name, schema][]`), as for names that are known only at run time.
   *
   * @throws DataError when a name is empty or stands twice.
   */
  static struct<const F extends Readonly<Record<string, Schema>>>(
    fields: F,
    metadata?: SchemaMetadata,
  ): Schema<StructOf<F>>;
  static struct(fields: Iterable<readonly [string, Schema]>, metadata?: SchemaMetadata): Schema<Struct>;
  static struct(
    fields: Readonly<Record<string, Schema>> | Iterable<readonly [string, Schema]>,
    metadata?: SchemaMetadata,
  ): Schema<Struct> {
    const pairs =
      Symbol.iterator in fields ? [...(fields as Iterable<readonly [string, Schema]>)] : Object.entries(fields);
    return Schema.#of('struct', metadata, { fields: fieldsOf(pairs) });
  }

  /** Any schema from its parts, for readers of schemas; `Schema.struct` and its like are better to read. */
  static from(
    content: Partial<Omit<SchemaContent, 'type' | 'optional' | 'parameters'>> & { type: SchemaType } & SchemaMetadata,
  ): Schema {
    const fields =
      content.fields === undefined ? noFields : fieldsOf(content.fields.map(({ name, schema }) => [name, schema]));
    const { keySchema, valueSchema } = content;
    return Schema.#of(
      content.type,
      { ...content, default: content.default ?? content.defaultValue },
      { keySchema, valueSchema, fields },
    );
  }

  static #of<T>(
    type: SchemaType,
    metadata: SchemaMetadata = {},
    parts: Partial<Pick<SchemaContent, 'keySchema' | 'valueSchema' | 'fields'>> = {},
  ): Schema<T> {
    const content: SchemaContent = {
      type,
      optional: metadata.optional ?? false,
      name: metadata.name,
      version: metadata.version,
      doc: metadata.doc,
      parameters: parametersOf(metadata.parameters),
      defaultValue: copyDefault(metadata.default),
      keySchema: parts.keySchema,
      valueSchema: parts.valueSchema,
      fields: parts.fields ?? noFields,
    };
    const schema = intern(contentKey(content), () => {
      const made = new Schema(content);
      if (content.defaultValue !== undefined) checkDefault(made);
      return made;
    });
    return schema as Schema<T>;
  }

  /** The same schema, also taking `null`. */
  asOptional(): Schema<T | null> {
    this.#optionalForm ??= this.with({ optional: true });
    return this.#optionalForm as Schema<T | null>;
  }

  /** The same schema, not taking `null`. */
  asRequired(): Schema<NonNullable<T>> {
    return this.with({ optional: false });
  }

  /** The same type with other metadata; what is not named stays, `undefined` removes. */
  with(metadata: SchemaMetadata<NoInfer<T>> & { readonly optional: true }): Schema<T | null>;
  with(metadata: SchemaMetadata<NoInfer<T>> & { readonly optional: false }): Schema<NonNullable<T>>;
  with(metadata: SchemaMetadata<NoInfer<T>>): Schema<T>;
  with(metadata: SchemaMetadata): Schema {
    const { keySchema, valueSchema, fields } = this;
    return Schema.#of(this.type, { ...this.metadata(), ...metadata }, { keySchema, valueSchema, fields });
  }

  /** Everything but type, fields and element schemas, as {@link Schema.with} takes it. */
  metadata(): SchemaMetadata {
    return {
      name: this.name,
      version: this.version,
      doc: this.doc,
      parameters: this.parameters,
      default: this.defaultValue,
      optional: this.optional,
    };
  }

  /** The field of that name, `undefined` when a struct has none. */
  field(name: string): Field | undefined {
    return this.#byName?.get(name);
  }

  /**
   * Makes a struct: every field in order, `null` for those left out. Values are not validated here; a converter or
   * {@link Schema.validate} does that.
   *
   * @throws DataError when a name is no field of this schema.
   */
  create<S>(this: Schema<S>, values: StructInit<S>): S {
    this.#create ??= compileCreate(this);
    return this.#create(values) as S;
  }

  /** @throws DataError that names the path and what was expected, when `value` is no value of this schema. */
  validate(value: unknown): asserts value is T {
    validate(this, value);
  }

  /** As Java prints it: `Schema{name:TYPE}`. */
  toString(): string {
    const type = this.type.toUpperCase();
    return this.name === undefined ? `Schema{${type}}` : `Schema{${this.name}:${type}}`;
  }
}

function fieldsOf(pairs: readonly (readonly [string, Schema])[]): readonly Field[] {
  const names = new Set<string>();
  const fields = pairs.map(([name, schema], index) => {
    if (name === '') throw new DataError('A field of a struct needs a name.', { code: 'SCHEMA' });
    if (names.has(name)) throw new DataError(`Field "${name}" stands twice in a struct.`, { code: 'SCHEMA' });
    names.add(name);
    return Object.freeze({ name, index, schema });
  });
  return Object.freeze(fields);
}

function parametersOf(parameters: SchemaMetadata['parameters']): ReadonlyMap<string, string> | undefined {
  if (parameters === undefined) return undefined;
  const map = new Map(parameters instanceof Map ? parameters : Object.entries(parameters));
  return map.size === 0 ? undefined : map;
}

/** A schema outlives the objects of its maker and belongs to many, so nobody else may hold what it defaults to. */
function copyDefault(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  if (value instanceof Date) return new Date(value);
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (Decimal.isInstance(value)) return value;
  if (value instanceof Map) return new Map(Array.from(value, ([key, inner]) => [copyInner(key), copyInner(inner)]));
  if (Array.isArray(value)) return Object.freeze(value.map(copyInner));
  const copy = { ...value } as Record<string, unknown>;
  for (const [name, inner] of Object.entries(value)) if (name !== '__proto__') copy[name] = copyInner(inner);
  return Object.freeze(copy);
}

function copyInner(value: unknown): unknown {
  return value === null ? null : copyDefault(value);
}

function checkDefault(schema: Schema): void {
  try {
    validate(schema, schema.defaultValue);
  } catch (cause) {
    throw new DataError(`The default of ${schema} is not one of its values.`, { code: 'SCHEMA', cause });
  }
}
