import type { ConfigKey, DefaultOption, KeyOptions, NullIf } from './config-key.ts';
import { defineKey, type Parsed } from './define-key.ts';
import type { StandardIssue, StandardSchemaV1 } from './standard-schema.ts';

export interface CustomOptions<V> extends KeyOptions<V> {
  /** Gets the text and gives the value; must answer at once. */
  readonly schema: StandardSchemaV1<unknown, V>;
  /** What kind of value it is, for people; `string` when left out. */
  readonly label?: string | undefined;
}

/** A text that goes through a Standard Schema (Zod, Valibot, ArkType, …). The default is given as text. */
export function custom<V, D extends string | null = string>(
  name: string,
  options: CustomOptions<V> & DefaultOption<D>,
): ConfigKey<V | NullIf<D>> {
  const { default: defaultText, schema, label, ...rest } = options;
  return defineKey(name, rest, defaultText, {
    type: 'STRING',
    label: label ?? 'string',
    parse: (text): Parsed<V> => {
      const result = schema['~standard'].validate(text);
      if (result instanceof Promise) {
        result.catch(() => undefined);
        return { problem: 'its schema is asynchronous; keys take schemas that answer at once' };
      }
      if (result.issues !== undefined) return { problem: result.issues.map(describeIssue).join('; ') };
      return { value: result.value, text };
    },
  });
}

function describeIssue(issue: StandardIssue): string {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}
