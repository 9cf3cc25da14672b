import type { ConfigKey, DefaultOption, KeyOptions, NullIf } from './config-key.ts';
import { defineKey, invalid } from './define-key.ts';

export interface OneOfOptions<V> extends KeyOptions<V> {
  /** Takes the values in any case; the configuration holds them as defined. */
  readonly ignoreCase?: boolean | undefined;
}

/** One of some texts. */
export function oneOf<const V extends readonly string[], D extends V[number] | null = V[number]>(
  name: string,
  values: V,
  options: OneOfOptions<V[number]> & DefaultOption<D>,
): ConfigKey<V[number] | NullIf<D>> {
  const { default: defaultText, ignoreCase, ...rest } = options;
  const find = (text: string) =>
    values.find((value) => (ignoreCase ? value.toUpperCase() === text.toUpperCase() : value === text));
  const problem = ignoreCase
    ? `String must be one of (case insensitive): ${values.map((value) => value.toUpperCase()).join(', ')}`
    : `String must be one of: ${values.join(', ')}`;
  // A value that is none of them is understood and not valid, so that it is printed, as Java does.
  return defineKey<string | V[number], V[number] | NullIf<D>>(name, rest as KeyOptions<string>, defaultText, {
    type: 'STRING',
    label: 'string',
    valid: `one of ${values.map((value) => `\`${value}\``).join(', ')}${ignoreCase ? ', in any case' : ''}`,
    parse: (text) => ({ value: find(text) ?? text, text }),
    check: (value, shown, key) =>
      value !== null && find(value) !== undefined ? undefined : invalid(shown, key, problem),
  });
}
