import { parseJson, printJson, type RawConfig } from '@millrace/api';
import { HttpError } from './rest-errors.ts';

export interface RestRequestParts {
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string;
  /** Where the client reached this worker: `http://host:port`. */
  readonly origin: string;
}

/** A request that was understood so far: what it asks for, and what it brings. */
export class RestRequest {
  readonly origin: string;
  readonly #parts: RestRequestParts;

  constructor(parts: RestRequestParts) {
    this.#parts = parts;
    this.origin = parts.origin;
  }

  parameter(name: string): string {
    return this.#parts.parameters[name] ?? '';
  }

  /** `undefined` when it is not there. */
  query(name: string): string | undefined {
    return this.#parts.query.get(name) ?? undefined;
  }

  queryAll(name: string): readonly string[] {
    return this.#parts.query.getAll(name);
  }

  /** As Java reads it: everything but `true` is no. */
  flag(name: string, otherwise: boolean): boolean {
    const text = this.query(name);
    return text === undefined ? otherwise : text.toLowerCase() === 'true';
  }

  /** @throws HttpError 400 for what is no JSON object, or has fields that are not among these. */
  object(...fields: readonly string[]): Readonly<Record<string, unknown>> {
    const value = this.#json();
    if (!isObject(value)) throw unreadable('it must be a JSON object');
    const unknown = fields.length === 0 ? undefined : Object.keys(value).find((name) => !fields.includes(name));
    if (unknown !== undefined) throw unreadable(`it has a field ${unknown}, but only ${fields.join(', ')} are known`);
    return value;
  }

  /** A flat map of texts; numbers and booleans are taken as texts. */
  config(): RawConfig {
    return readConfig(this.object());
  }

  #json(): unknown {
    try {
      return parseJson(this.#parts.body);
    } catch (error) {
      throw unreadable(this.#parts.body.trim() === '' ? 'there is none' : (error as Error).message);
    }
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON value as Java takes it where it wants a text: numbers and booleans as they are written. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : printJson(value);
}

/** @throws HttpError 400 for values that are no texts, numbers or booleans. */
export function readConfig(value: unknown): RawConfig {
  if (!isObject(value)) throw unreadable('the configuration must be a JSON object of texts');
  const entries = Object.entries(value).map(([key, one]) => {
    if (typeof one === 'object' && one !== null) throw unreadable(`the value of ${key} must be a text`);
    return [key, one === null ? null : asText(one)] as const;
  });
  return Object.fromEntries(entries);
}

export function unreadable(why: string): HttpError {
  return new HttpError(400, `The body of the request cannot be read: ${why}.`);
}
