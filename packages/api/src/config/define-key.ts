import type { ConfigKey, ConfigType, KeyNames, KeyOptions, Reading } from './config-key.ts';
import { javaTrim } from './java-trim.ts';
import { hidden } from './secret.ts';

/** A text that was understood, or what is wrong with it. */
export type Parsed<V> = ParsedValue<V> | { readonly problem: string };

interface ParsedValue<V> {
  readonly value: V;
  /** As Java prints the value. */
  readonly text: string;
  /** As Java prints the value in a message; the text when left out. */
  readonly shown?: string;
}

/** What makes one kind of key different from the others. */
export interface KeyKind<V> {
  readonly type: ConfigType;
  readonly label: string;
  readonly valid?: string | undefined;
  /** Gets the text without the blanks around it. */
  readonly parse: (text: string) => Parsed<V>;
  /**
   * The whole message about a value that was understood and is not valid. Gets `null` when there is no value, as Java's
   * validators do, unless the key may be unset.
   */
  readonly check?: ((value: V | null, shown: string, name: string) => string | undefined) | undefined;
}

export function defineKey<V, T = V>(
  name: string,
  options: KeyOptions<V>,
  defaultText: string | null | undefined,
  kind: KeyKind<V>,
): ConfigKey<T> {
  const { validate, ...description } = options;
  const secret = options.secret ?? kind.type === 'PASSWORD';
  const checkNull = (names: KeyNames) => (defaultText === null ? [] : toList(kind.check?.(null, 'null', names.short)));

  function read(text: string | null | undefined, names: KeyNames): Reading<V | null> {
    const given = text === undefined ? defaultText : text;
    if (given === undefined) {
      const missing = `Missing required configuration "${names.full}" which has no default value.`;
      return { value: undefined, text: null, problems: [missing, ...checkNull(names)] };
    }
    if (given === null) {
      return defaultText === null
        ? { value: null, text: null, problems: [] }
        : { value: undefined, text: null, problems: ['Null value can not be supplied as the configuration value.'] };
    }
    const redact = (message: string) => (secret ? withoutSecret(message, given) : message);
    const parsed = attempt(() => kind.parse(javaTrim(given)));
    if ('problem' in parsed) {
      const message = invalid(secret ? hidden : given, names.full, redact(parsed.problem));
      return { value: undefined, text: null, problems: [message, ...checkNull(names)] };
    }
    const shown = secret ? hidden : (parsed.shown ?? parsed.text);
    const problem =
      kind.check?.(parsed.value, shown, names.short) ??
      prefixWith(shown, names.short, redact(complaint(validate, parsed.value) ?? ''));
    return { value: parsed.value, text: secret ? hidden : parsed.text, problems: toList(problem) };
  }

  return {
    ...description,
    ...(secret && { secret }),
    kind: 'key',
    name,
    type: secret && kind.type === 'STRING' ? 'PASSWORD' : kind.type,
    label: kind.label,
    valid: kind.valid,
    required: defaultText === undefined,
    // Its values are V, or null exactly where the default is null: that is what T says.
    read: read as (text: string | null | undefined, names: KeyNames) => Reading<never>,
  };
}

/** Java's words for a value that is wrong. */
export function invalid(shown: string, name: string, problem: string): string {
  return `Invalid value ${shown} for configuration ${name}: ${problem}`;
}

function prefixWith(shown: string, name: string, problem: string): string | undefined {
  return problem === '' ? undefined : invalid(shown, name, problem);
}

function complaint<V>(validate: KeyOptions<V>['validate'], value: V): string | undefined {
  if (validate === undefined) return undefined;
  try {
    return validate(value);
  } catch (error) {
    return messageOf(error);
  }
}

function attempt<V>(parse: () => Parsed<V>): Parsed<V> {
  try {
    return parse();
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}

function withoutSecret(message: string, text: string): string {
  const secret = javaTrim(text);
  return secret === '' ? message : message.replaceAll(secret, hidden);
}

function toList(problem: string | undefined): string[] {
  return problem === undefined ? [] : [problem];
}
