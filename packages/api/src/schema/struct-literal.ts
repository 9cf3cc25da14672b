import { DataError } from '../errors/errors.ts';
import type { Schema, Struct } from './schema.ts';

/** Where one field of a struct comes from. */
export type FieldSource<A = unknown> =
  /** The input's field of that name; `null` where it has none. */
  | { readonly from: string }
  | { readonly value: unknown }
  /** Called with the input and with what the caller of the mapper gave beside it. */
  | { readonly compute: (input: Struct, argument: A) => unknown };

/**
 * Compiles a function that makes structs of `schema` out of an input struct: one source per field, in order. What it
 * returns is an object literal, several times faster than an object filled key by key, and all structs of a schema
 * have one hidden class.
 */
export function compileStructMapper<A = void>(
  schema: Schema,
  sources: readonly FieldSource<A>[],
): (input: Struct, argument: A) => Struct {
  if (sources.length !== schema.fields.length) {
    throw new TypeError(`${schema} has ${schema.fields.length} fields; got ${sources.length} sources.`);
  }
  if (!canGenerateCode) return copyTemplate(schema, sources);
  const properties = schema.fields.map(({ name }, index) => {
    const source = sources[index] as FieldSource<A>;
    if ('from' in source) return `${literalKey(name)}: ${inputField(source.from)}`;
    return `${literalKey(name)}: ${'value' in source ? `s[${index}].value` : `s[${index}].compute(input, argument)`}`;
  });
  return new Function('s', `return (input, argument) => ({ ${properties.join(', ')} });`)(sources);
}

/** Compiles `Schema.create`. */
export function compileCreate(schema: Schema): (values: object) => Struct {
  const names = schema.fields.map(({ name }) => name);
  const known = new Set(names);
  const checkNames = (values: object): void => {
    for (const name in values) {
      if (known.has(name)) continue;
      throw new DataError(`${schema} has no field "${name}"; it has: ${names.join(', ') || 'none'}.`, { path: name });
    }
  };
  const read = compileStructMapper<void>(
    schema,
    names.map((name) => ({ from: name })),
  );
  const mayHaveMore = canGenerateCode ? compileCount(names) : () => true;
  return (values) => {
    if (Array.isArray(values) || values instanceof Map) {
      throw new DataError(
        `${schema} is made of an object with its fields, not of ${Array.isArray(values) ? 'an array' : 'a Map'}.`,
      );
    }
    if (mayHaveMore(values)) checkNames(values);
    return read(values as Struct, undefined);
  };
}

/** Whether an object has other properties than those that are set under these names: counting is cheaper than looking up. */
function compileCount(names: readonly string[]): (values: object) => boolean {
  const set = names.map((name) => `(${inputField(name)} === null ? 0 : 1)`);
  const count = 'let count = 0; for (const name in input) count++;';
  return new Function('input', `${count} return count !== ${['0', ...set].join(' + ')};`) as (
    values: object,
  ) => boolean;
}

/** Names that every object inherits (`constructor`, `toString`) count as own properties only. */
function inputField(name: string): string {
  const key = JSON.stringify(name);
  return name in Object.prototype
    ? `((Object.hasOwn(input, ${key}) ? input[${key}] : null) ?? null)`
    : `(input[${key}] ?? null)`;
}

/** `__proto__` in a literal would set the prototype; computed, it is a field like any other. */
function literalKey(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : JSON.stringify(name);
}

const canGenerateCode = ((): boolean => {
  try {
    return new Function('return true')();
  } catch {
    return false; // --disallow-code-generation-from-strings
  }
})();

function copyTemplate<A>(schema: Schema, sources: readonly FieldSource<A>[]): (input: Struct, argument: A) => Struct {
  const names = schema.fields.map(({ name }) => name);
  const template: Record<string, unknown> = {};
  for (const name of names) define(template, name, null);
  return (input, argument) => {
    const struct = { ...template };
    sources.forEach((source, index) => {
      const value =
        'from' in source
          ? ((Object.hasOwn(input, source.from) ? input[source.from] : null) ?? null)
          : 'value' in source
            ? source.value
            : source.compute(input, argument);
      const name = names[index] as string;
      if (name === '__proto__') define(struct, name, value);
      else struct[name] = value;
    });
    return struct;
  };
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}
