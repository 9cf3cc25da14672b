/** The families of errors; what the runtime does with an error depends on its kind alone. */
export type ErrorKind = 'general' | 'retriable' | 'data' | 'config' | 'timeout' | 'not-found' | 'already-exists';

export interface ErrorOptions {
  /** Stable, machine readable. Left out: the kind's own code (`DATA`, `RETRIABLE`, …). */
  readonly code?: string;
  readonly cause?: unknown;
}

/** The key of the brand is shared by every copy of this package that a process loads, so `instanceof` is not needed. */
const brand: unique symbol = Symbol.for('@millrace/api.error') as never;

const defaultCodes: Readonly<Record<ErrorKind, string>> = {
  general: 'GENERAL',
  retriable: 'RETRIABLE',
  data: 'DATA',
  config: 'CONFIG',
  timeout: 'TIMEOUT',
  'not-found': 'NOT_FOUND',
  'already-exists': 'ALREADY_EXISTS',
};

/**
 * Base of every error that Millrace throws on purpose. Thrown by itself it means: this task cannot go on, and
 * trying again will not help.
 *
 * Recognise errors with the static `isInstance` of each class, never with `instanceof`: a worker may hold two copies
 * of this package, and an error may come from another thread.
 */
export class MillraceError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;

  constructor(message: string, options: ErrorOptions = {}, kind: ErrorKind = 'general') {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.kind = kind;
    this.code = options.code ?? defaultCodes[kind];
    Object.defineProperty(this, brand, { value: kind });
  }

  static {
    printAs(MillraceError, 'MillraceError');
  }

  static isInstance(value: unknown): value is MillraceError {
    return kindOf(value) !== undefined;
  }
}

/** The name is set on the prototype, where the first line of `stack` takes it from; minifiers do not change it. */
export function printAs(type: { readonly prototype: Error }, name: string): void {
  Object.defineProperty(type.prototype, 'name', { value: name, configurable: true, writable: true });
}

/** The kind of an error of this family, `undefined` for any other value. */
export function kindOf(value: unknown): ErrorKind | undefined {
  return typeof value === 'object' && value !== null ? (value as { readonly [brand]?: ErrorKind })[brand] : undefined;
}
