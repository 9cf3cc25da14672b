import type { ConfigKey, DefaultOption, KeyOptions, NullIf } from './config-key.ts';
import { defineKey, invalid } from './define-key.ts';

export interface RegexOptions<R> extends KeyOptions<R> {
  /** Makes what the configuration holds; throws for a bad pattern. Left out: the configuration holds the text. */
  readonly compile?: ((pattern: string) => R) | undefined;
}

/** A regular expression; whose syntax, `compile` decides. The default is given as text. */
export function regex<R = string, D extends string | null = string>(
  name: string,
  options: RegexOptions<R> & DefaultOption<D>,
): ConfigKey<NoInfer<R> | NullIf<D>> {
  const { default: defaultText, compile, ...rest } = options;
  const compiled = (text: string) => (compile === undefined ? (text as R) : compile(text));
  return defineKey<R | BadPattern, R | NullIf<D>>(name, onGood(rest), defaultText, {
    type: 'STRING',
    label: 'regular expression',
    parse: (text) => {
      try {
        return { value: compiled(text), text };
      } catch (error) {
        return { value: new BadPattern(rest.secret ? 'cannot be compiled' : describe(error)), text };
      }
    },
    check: (value, shown, key) =>
      value instanceof BadPattern ? invalid(shown, key, `Invalid regex: ${value.problem}`) : undefined,
  });
}

/** Understood and not valid, so that the pattern is printed, as Java does. */
class BadPattern {
  readonly problem: string;
  constructor(problem: string) {
    this.problem = problem;
  }
}

function onGood<R>(options: KeyOptions<R>): KeyOptions<R | BadPattern> {
  const { validate, ...rest } = options;
  return validate === undefined ? rest : { ...rest, validate: (value) => validate(value as R) };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
