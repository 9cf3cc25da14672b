import type { ConfigKey, DefaultOption, KeyOptions, NullIf } from './config-key.ts';
import { defineKey, type Parsed } from './define-key.ts';
import { bounds, type NumberOptions, parseSafeInteger, textOf } from './number-keys.ts';

const milliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const sizes: Readonly<Record<string, number>> = {
  b: 1,
  k: 2 ** 10,
  kib: 2 ** 10,
  m: 2 ** 20,
  mib: 2 ** 20,
  g: 2 ** 30,
  gib: 2 ** 30,
  t: 2 ** 40,
  tib: 2 ** 40,
};

/** A time in milliseconds: `30000`, as Java has it, or `30s`, `5m`, `2h`, `1d`, `100ms`. */
export function duration<D extends number | null = number>(
  name: string,
  options: NumberOptions<number> & DefaultOption<D>,
): ConfigKey<number | NullIf<D>> {
  const { default: defaultValue, min, max, ...rest } = options;
  return defineKey(name, rest, textOf<number>(defaultValue, String), {
    type: 'LONG',
    label: 'duration',
    parse: (text) =>
      parseWithUnit(text, milliseconds, 64) ?? {
        problem: 'Not a number of type LONG, nor a duration such as 500ms, 30s, 5m, 2h or 1d',
      },
    ...bounds(min, max),
  });
}

export interface BytesOptions extends NumberOptions<number> {
  /** What Java's key is; `LONG` when left out. */
  readonly type?: 'INT' | 'LONG' | undefined;
}

/** A size in bytes: `1048576`, as Java has it, or `1MiB`, `64k`, `2g`; all units are powers of 1024. */
export function bytes<D extends number | null = number>(
  name: string,
  options: BytesOptions & DefaultOption<D>,
): ConfigKey<number | NullIf<D>> {
  const { default: defaultValue, min, max, type = 'LONG', ...rest } = options;
  return defineKey(name, rest as KeyOptions<number>, textOf<number>(defaultValue, String), {
    type,
    label: 'bytes',
    parse: (text) =>
      parseWithUnit(text, sizes, type === 'INT' ? 32 : 64) ?? {
        problem: `Not a number of type ${type}, nor a size such as 64k, 64KiB, 16m, 16MiB or 1GiB`,
      },
    ...bounds(min, max),
  });
}

/** `undefined` when the text is neither a number nor a number with a unit. */
function parseWithUnit(
  text: string,
  units: Readonly<Record<string, number>>,
  bits: 32 | 64,
): Parsed<number> | undefined {
  const type = bits === 32 ? 'INT' : 'LONG';
  if (/^[+-]?\d+$/.test(text)) return parseSafeInteger(text, type, bits);
  const match = /^(\d+) ?([a-z]+)$/i.exec(text);
  const unit = match && Object.hasOwn(units, match[2]!.toLowerCase()) ? units[match[2]!.toLowerCase()] : undefined;
  if (match === null || unit === undefined) return undefined;
  return parseSafeInteger(String(BigInt(match[1]!) * BigInt(unit)), type, bits);
}
