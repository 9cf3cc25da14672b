import type { ConfigKey, ConfigType, DefaultOption, KeyOptions, NullIf } from './config-key.ts';
import { defineKey, invalid, type KeyKind, type Parsed } from './define-key.ts';
import { javaDouble } from './java-double.ts';

export interface NumberOptions<V extends number | bigint> extends KeyOptions<V> {
  /** Smallest value; with a bound, Java also complains about a value that is no number at all. */
  readonly min?: V | undefined;
  readonly max?: V | undefined;
}

/** An integer of 32 bits. */
export function int<D extends number | null = number>(
  name: string,
  options: NumberOptions<number> & DefaultOption<D>,
): ConfigKey<number | NullIf<D>> {
  return integer(name, 'INT', 32, options);
}

/** An integer of 16 bits. */
export function short<D extends number | null = number>(
  name: string,
  options: NumberOptions<number> & DefaultOption<D>,
): ConfigKey<number | NullIf<D>> {
  return integer(name, 'SHORT', 16, options);
}

interface BigOption<B extends boolean> {
  /** Gives bigint, with all of the 64 bits. */
  readonly big: B;
}

/** An integer of 64 bits, as bigint. */
export function long<D extends bigint | null = bigint>(
  name: string,
  options: NumberOptions<bigint> & DefaultOption<D> & BigOption<true>,
): ConfigKey<bigint | NullIf<D>>;
/** An integer of 64 bits, as a number: values beyond the safe integers (2^53 - 1) are refused. */
export function long<D extends number | null = number>(
  name: string,
  options: NumberOptions<number> & DefaultOption<D> & Partial<BigOption<false>>,
): ConfigKey<number | NullIf<D>>;
export function long(
  name: string,
  options: (NumberOptions<bigint> & DefaultOption<bigint | null> & BigOption<true>) | SafeLongOptions,
): ConfigKey<bigint | number | null> {
  if (options.big !== true) return integer(name, 'LONG', 64, options);
  const { default: defaultValue, min, max, big: _, ...rest } = options;
  return defineKey(name, rest, textOf(defaultValue, String), {
    type: 'LONG',
    label: 'long',
    parse: (text) => parseInteger(text, 'LONG', 64),
    ...bounds(min, max),
  });
}

/** A floating-point number of 64 bits. */
export function double<D extends number | null = number>(
  name: string,
  options: NumberOptions<number> & DefaultOption<D>,
): ConfigKey<number | NullIf<D>> {
  const { default: defaultValue, min, max, ...rest } = options;
  return defineKey(name, rest, textOf<number>(defaultValue, javaDouble), {
    type: 'DOUBLE',
    label: 'double',
    parse: parseDouble,
    ...bounds(min, max),
  });
}

/** What checks and describes the bounds of a number, with Java's messages. */
export function bounds<V extends number | bigint>(
  min: V | undefined,
  max: V | undefined,
): Pick<KeyKind<V>, 'valid' | 'check'> {
  if (min === undefined && max === undefined) return {};
  const valid = [min !== undefined && `at least ${min}`, max !== undefined && `at most ${max}`];
  return {
    valid: valid.filter((part) => part !== false).join(', '),
    check: (value, shown, name) => {
      if (value === null) return invalid(shown, name, 'Value must be non-null');
      if (min !== undefined && value < min) return invalid(shown, name, `Value must be at least ${min}`);
      if (max !== undefined && value > max) return invalid(shown, name, `Value must be no more than ${max}`);
      return undefined;
    },
  };
}

/** A number of Java's integer types, which must also be a safe integer. */
export function parseSafeInteger(text: string, type: ConfigType, bits: number): Parsed<number> {
  const parsed = parseInteger(text, type, bits);
  if ('problem' in parsed) return parsed;
  const value = Number(parsed.value);
  return Number.isSafeInteger(value)
    ? { value, text: parsed.text }
    : { problem: `Value must be between -${Number.MAX_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}` };
}

/** The text of a default that is given as a value. */
export function textOf<V>(value: V | null | undefined, print: (value: V) => string): string | null | undefined {
  if (value === undefined) return undefined;
  return value === null ? null : print(value);
}

type SafeLongOptions = NumberOptions<number> & DefaultOption<number | null> & Partial<BigOption<false>>;

function integer<D extends number | null>(
  name: string,
  type: ConfigType,
  bits: number,
  options: NumberOptions<number> & DefaultOption<D> & Partial<BigOption<false>>,
): ConfigKey<number | NullIf<D>> {
  const { default: defaultValue, min, max, big: _, ...rest } = options;
  return defineKey(name, rest, textOf<number>(defaultValue, String), {
    type,
    label: type.toLowerCase(),
    parse: (text) => parseSafeInteger(text, type, bits),
    ...bounds(min, max),
  });
}

function parseInteger(text: string, type: ConfigType, bits: number): Parsed<bigint> {
  if (/^[+-]?\d+$/.test(text)) {
    const value = BigInt(text.replace(/^\+/, ''));
    if (BigInt.asIntN(bits, value) === value) return { value, text: String(value) };
  }
  return { problem: `Not a number of type ${type}` };
}

function parseDouble(text: string): Parsed<number> {
  const match = /^([+-]?)(?:(NaN|Infinity)|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[fFdD]?)$/.exec(text);
  if (match === null) return { problem: 'Not a number of type DOUBLE' };
  const value = Number(`${match[1]}${match[2] ?? match[3]}`);
  return { value, text: javaDouble(value) };
}
