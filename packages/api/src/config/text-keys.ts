import type { ConfigKey, DefaultOption, KeyOptions, NullIf } from './config-key.ts';
import { defineKey, invalid, type Parsed } from './define-key.ts';
import { Secret } from './secret.ts';

export interface TextOptions<V> extends KeyOptions<V> {
  /** Refuses the empty text. */
  readonly nonEmpty?: boolean | undefined;
}

/** A text, without the blanks around it. */
export function string<D extends string | null = string>(
  name: string,
  options: TextOptions<string> & DefaultOption<D>,
): ConfigKey<string | NullIf<D>> {
  const { default: defaultText, nonEmpty, ...rest } = options;
  return defineKey(name, rest, defaultText, {
    type: 'STRING',
    label: 'string',
    valid: nonEmpty ? 'not empty' : undefined,
    parse: asText,
    check: nonEmpty ? checkNonEmpty : undefined,
  });
}

/** A text that is never printed. */
export function password<D extends string | null = string>(
  name: string,
  options: TextOptions<Secret> & DefaultOption<D>,
): ConfigKey<Secret | NullIf<D>> {
  const { default: defaultText, nonEmpty, ...rest } = options;
  return defineKey(name, { ...rest, secret: true }, defaultText, {
    type: 'PASSWORD',
    label: 'password',
    valid: nonEmpty ? 'not empty' : undefined,
    parse: (text) => ({ value: new Secret(text), text: '' }),
    check: nonEmpty
      ? (value, shown, key) => checkNonEmpty(value === null ? null : value.reveal(), shown, key)
      : undefined,
  });
}

export interface ClassOptions extends KeyOptions<string> {
  /** The full name of a class, given that or a short one; `undefined` when there is no such class. */
  readonly resolve?: ((name: string) => string | undefined) | undefined;
}

/** The name of a Java class, or of what stands for it here. */
export function classRef<D extends string | null = string>(
  name: string,
  options: ClassOptions & DefaultOption<D>,
): ConfigKey<string | NullIf<D>> {
  const { default: defaultText, resolve, ...rest } = options;
  return defineKey(name, rest, defaultText, {
    type: 'CLASS',
    label: 'class',
    parse: (text): Parsed<string> => {
      const full = resolve === undefined ? text : resolve(text);
      return full === undefined ? { problem: `Class ${text} could not be found.` } : { value: full, text: full };
    },
  });
}

function asText(text: string): Parsed<string> {
  return { value: text, text };
}

function checkNonEmpty(value: string | null, shown: string, name: string): string | undefined {
  return value === '' ? invalid(shown, name, 'String must be non-empty') : undefined;
}
