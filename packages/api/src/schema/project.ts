import { DataError } from '../errors/errors.ts';
import { roundToFloat } from '../numbers/round-to-float.ts';
import type { Schema, Struct } from './schema.ts';
import type { SchemaType } from './schema-type.ts';
import { compileStructMapper, type FieldSource } from './struct-literal.ts';

/** Brings a value of one schema into another. */
export type Projection = (value: unknown) => unknown;

const same: Projection = (value) => value;
const cache = new WeakMap<Schema, WeakMap<Schema, Projection>>();

/** Each can become every one behind it. */
const promotions: readonly SchemaType[] = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64'];

/**
 * Compiles what reads a value of `source` as one of `target`, by the rules of Kafka Connect's own schema projection:
 * names and parameters are equal; a number may become wider; a field that only the source has is left out, one that
 * only the target has is optional or has a default; where null is no longer allowed, there is a default. Compiled once
 * for each pair.
 *
 * @throws DataError with the path where the two do not fit.
 */
export function project(source: Schema, target: Schema): Projection {
  const known = cache.get(source)?.get(target);
  if (known !== undefined) return known;
  const made = compile(source, target, undefined);
  const bySource = cache.get(source) ?? new WeakMap<Schema, Projection>();
  bySource.set(target, made);
  cache.set(source, bySource);
  return made;
}

function compile(source: Schema, target: Schema, path: string | undefined): Projection {
  if (source === target) return same;
  checkAlike(source, target, path);
  const { defaultValue } = target;
  const inner = compileRequired(source, target, path);
  if (source.optional && !target.optional) {
    if (defaultValue === undefined) {
      throw mismatch(path, 'it is optional in the source, and the target is required without a default');
    }
    return (value) => (value === null ? defaultValue : inner(value));
  }
  return inner === same ? same : (value) => (value === null ? null : inner(value));
}

function checkAlike(source: Schema, target: Schema, path: string | undefined): void {
  if (source.type !== target.type && !isPromotion(source, target)) {
    throw mismatch(path, `${source.type} cannot be read as ${target.type}`);
  }
  if (source.name !== target.name) {
    throw mismatch(
      path,
      `its name is ${source.name ?? 'not set'} in the source and ${target.name ?? 'not set'} in the target`,
    );
  }
  if (!hasSameEntries(source.parameters, target.parameters)) throw mismatch(path, 'the parameters are not the same');
}

/** A logical value is no number in JavaScript, so it cannot become a wider one. */
function isPromotion(source: Schema, target: Schema): boolean {
  const [from, to] = [promotions.indexOf(source.type), promotions.indexOf(target.type)];
  const isPlain = source.representation === source.type && target.representation === target.type;
  return isPlain && from >= 0 && to > from;
}

function compileRequired(source: Schema, target: Schema, path: string | undefined): Projection {
  switch (target.type) {
    case 'struct':
      return compileStruct(source, target, path);
    case 'array': {
      const item = compileElement(source.valueSchema, target.valueSchema, `${path ?? ''}[]`);
      return item === same ? same : (value) => (value as readonly unknown[]).map(item);
    }
    case 'map':
      return compileMap(source, target, path);
    default:
      return compileNumber(source.type, target.type);
  }
}

function compileStruct(source: Schema, target: Schema, path: string | undefined): Projection {
  const sources = target.fields.map(({ name, schema }): FieldSource<void> => {
    const where = path === undefined ? name : `${path}.${name}`;
    const field = source.field(name)?.schema;
    if (field === undefined) {
      if (schema.optional) return { value: null };
      if (schema.defaultValue !== undefined) return { value: schema.defaultValue };
      throw mismatch(where, 'the source has no such field, and the target is required without a default');
    }
    const inner = compile(field, schema, where);
    const unset = field.defaultValue ?? null;
    if (inner === same && unset === null) return { from: name };
    return { compute: (input: Struct) => inner(input[name] ?? unset) };
  });
  return compileStructMapper<void>(target, sources) as Projection;
}

function compileMap(source: Schema, target: Schema, path: string | undefined): Projection {
  const key = compileElement(source.keySchema, target.keySchema, `${path ?? ''}{key}`);
  const inner = compileElement(source.valueSchema, target.valueSchema, `${path ?? ''}{}`);
  if (key === same && inner === same) return same;
  return (value) =>
    new Map([...(value as ReadonlyMap<unknown, unknown>)].map(([name, item]) => [key(name), inner(item)]));
}

function compileElement(source: Schema | undefined, target: Schema | undefined, path: string): Projection {
  if (source === undefined || target === undefined) {
    if (source === target) return same;
    throw mismatch(path, 'only one of the two has a schema here');
  }
  return compile(source, target, path);
}

function compileNumber(from: SchemaType, to: SchemaType): Projection {
  if (from === to || to === 'int16' || to === 'int32') return same;
  if (to === 'int64') return (value) => BigInt(value as number);
  if (from !== 'int64') return to === 'float32' ? (value) => Math.fround(value as number) : same;
  return to === 'float64' ? Number : (value) => roundToFloat(String(value));
}

function hasSameEntries(left: Schema['parameters'], right: Schema['parameters']): boolean {
  if (left?.size !== right?.size) return false;
  return left === undefined || [...left].every(([key, value]) => right?.get(key) === value);
}

function mismatch(path: string | undefined, problem: string): DataError {
  const where = path === undefined ? 'the value' : path;
  return new DataError(`The schemas do not fit at ${where}: ${problem}.`, {
    code: 'SCHEMA',
    ...(path !== undefined && { path }),
  });
}
