import type { ConfigKey, DefaultOption, KeyOptions, NullIf } from './config-key.ts';
import { defineKey, invalid, type KeyKind } from './define-key.ts';
import { textOf } from './number-keys.ts';

/** `true` or `false`, in any case. */
export function boolean<D extends boolean | null = boolean>(
  name: string,
  options: KeyOptions<boolean> & DefaultOption<D>,
): ConfigKey<boolean | NullIf<D>> {
  const { default: defaultValue, ...rest } = options;
  return defineKey(name, rest, textOf<boolean>(defaultValue, String), {
    type: 'BOOLEAN',
    label: 'boolean',
    parse: (text) => {
      const lower = text.toLowerCase();
      return lower === 'true' || lower === 'false'
        ? { value: lower === 'true', text: lower }
        : { problem: 'Expected value to be either true or false' };
    },
  });
}

/** With any of the three, an empty item is refused too. */
export interface ListOptions extends KeyOptions<readonly string[]> {
  /** Refuses the empty list. */
  readonly nonEmpty?: boolean | undefined;
  /** Refuses an item that stands twice. */
  readonly unique?: boolean | undefined;
  /** The only items that are valid. */
  readonly values?: readonly string[] | undefined;
}

/** Texts, separated by commas, without the blanks around them; the empty text is the empty list. */
export function list<D extends readonly string[] | null = readonly string[]>(
  name: string,
  options: ListOptions & DefaultOption<D>,
): ConfigKey<readonly string[] | NullIf<D>> {
  const { default: defaultValue, nonEmpty, unique, values, ...rest } = options;
  const valid = [
    nonEmpty && 'not empty',
    unique && 'no duplicates',
    values !== undefined && `of ${values.map((value) => `\`${value}\``).join(', ')}`,
  ];
  return defineKey<readonly string[], readonly string[] | NullIf<D>>(
    name,
    rest,
    textOf<readonly string[]>(defaultValue, (items) => items.join(',')),
    {
      type: 'LIST',
      label: 'list',
      valid: valid.filter((part) => typeof part === 'string').join(', ') || undefined,
      parse: (text) => {
        const value = splitList(text);
        return { value, text: value.join(','), shown: `[${value.join(', ')}]` };
      },
      check: checkItems({ nonEmpty, unique, values, secret: rest.secret }),
    },
  );
}

/** The items of a trimmed text. */
function splitList(text: string): readonly string[] {
  return text === '' ? [] : text.split(/[ \t\n\v\f\r]*,[ \t\n\v\f\r]*/);
}

function checkItems(
  rules: Pick<ListOptions, 'nonEmpty' | 'unique' | 'values' | 'secret'>,
): KeyKind<readonly string[]>['check'] {
  const { nonEmpty, unique, values, secret } = rules;
  if (!nonEmpty && !unique && values === undefined) return undefined;
  return (items, shown, name) => {
    if (items === null) return `Configuration '${name}' values must not be null.`;
    if (nonEmpty && items.length === 0) {
      const choice = values === undefined ? 'any non-empty value' : `[${values.join(', ')}]`;
      return `Configuration '${name}' must not be empty. Valid values include: ${choice}`;
    }
    if (unique && new Set(items).size < items.length) return `Configuration '${name}' values must not be duplicated.`;
    if (items.includes('')) return `Configuration '${name}' values must not be empty.`;
    const stranger = values === undefined ? undefined : items.find((item) => !values.includes(item));
    return stranger === undefined
      ? undefined
      : invalid(secret ? shown : stranger, name, `String must be one of: ${values?.join(', ') ?? ''}`);
  };
}
