import { brandOf } from '../brand.ts';

const brand = brandOf('secret');

/** What is printed in place of a secret. */
export const hidden = '[hidden]';

/** A text that does not print itself: not in a log, an error, JSON or the console. */
export class Secret {
  static {
    brand.mark(Secret);
    Object.defineProperty(Secret.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: () => hidden });
  }

  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  static isInstance(value: unknown): value is Secret {
    return brand.isOn(value);
  }

  /** The text itself; ask for it where it is used and keep it nowhere. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }
}
