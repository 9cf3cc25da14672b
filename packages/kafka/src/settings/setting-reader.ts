import { KafkaError } from '../errors.ts';

/** Settings as in a properties file; the values of JSON are accepted, too. */
export type RawSettings = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Reads settings by name and collects what is wrong with them, so that every problem is reported at once. */
export class SettingReader {
  readonly problems: string[] = [];
  readonly #raw: RawSettings;
  readonly #read = new Set<string>();

  constructor(raw: RawSettings) {
    this.#raw = raw;
  }

  /** The names that are set and were never asked for. */
  unread(): string[] {
    return Object.keys(this.#raw).filter((name) => !this.#read.has(name) && this.#raw[name] != null);
  }

  problem(name: string, what: string): void {
    this.problems.push(`${name}: ${what}`);
  }

  optional(name: string): string | undefined {
    this.#read.add(name);
    const value = this.#raw[name];
    return value === undefined || value === null ? undefined : String(value).trim();
  }

  text(name: string, fallback: string): string {
    return this.optional(name) ?? fallback;
  }

  list(name: string): string[] {
    return (this.optional(name) ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }

  oneOf<Choice extends string>(name: string, choices: readonly Choice[], fallback: Choice): Choice {
    const value = this.optional(name);
    if (value === undefined) return fallback;
    const found = choices.find((choice) => choice.toLowerCase() === value.toLowerCase());
    if (found === undefined) this.problem(name, `${JSON.stringify(value)} is none of ${choices.join(', ')}`);
    return found ?? fallback;
  }

  integer(name: string, fallback: number, min = 0, max: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.optional(name);
    if (value === undefined) return fallback;
    // Java's own "for ever" does not fit a number exactly.
    const number = /^[+-]?\d+$/.test(value) ? Math.min(Number(value), Number.MAX_SAFE_INTEGER) : Number.NaN;
    if (Number.isNaN(number) || number < min || number > max) {
      this.problem(name, `${JSON.stringify(value)} is not an integer from ${min} to ${max}`);
      return fallback;
    }
    return number;
  }

  boolean(name: string, fallback: boolean): boolean {
    return this.oneOf(name, ['true', 'false'], fallback ? 'true' : 'false') === 'true';
  }

  /** Throws one error that names every problem. */
  finish(): void {
    if (this.problems.length === 0) return;
    throw new KafkaError('INVALID_CONFIG', `Kafka client settings cannot be used: ${this.problems.join('; ')}`);
  }
}
