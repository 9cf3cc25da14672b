import {
  AlreadyExistsError,
  ConfigError,
  type ConfigProblem,
  DataError,
  NotFoundError,
  RetriableError,
  TimeoutError,
} from './errors.ts';
import { type ErrorKind, kindOf, MillraceError } from './millrace-error.ts';

/** An error as plain data, for crossing a thread, a process or a topic. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly kind?: ErrorKind;
  readonly code?: string;
  readonly cause?: WireError;
  /** The members of an `AggregateError`. */
  readonly errors?: readonly WireError[];
  readonly topic?: string;
  readonly part?: string;
  readonly path?: string;
  readonly problems?: readonly ConfigProblem[];
}

const deepestCause = 16;
const mostErrors = 32;
const longestText = 64 * 1024;

/**
 * Turns any thrown value into plain data. Causes are kept 16 deep, the members of an `AggregateError` up to 32, and
 * texts are cut at 64 KiB, so that a cyclic or huge error stays bounded.
 */
export function errorToWire(thrown: unknown): WireError {
  return toWire(thrown, 0);
}

/** Brings back an error that {@link errorToWire} wrote: kind, code, cause and brand are as before. */
export function errorFromWire(wire: WireError): Error {
  const error = wire.kind === undefined ? foreignError(wire) : ownError(wire.kind, wire);
  define(error, 'stack', wire.stack ?? `${wire.name}: ${wire.message}`);
  return error;
}

function toWire(thrown: unknown, depth: number): WireError {
  if (!isErrorLike(thrown)) return { name: 'Error', message: cut(describe(thrown)) };
  const kind = kindOf(thrown);
  const code = (thrown as { code?: unknown }).code;
  const details = thrown as Partial<DataError & ConfigError & AggregateError>;
  return {
    name: cut(String(thrown.name)),
    message: cut(String(thrown.message)),
    ...(typeof thrown.stack === 'string' && { stack: cut(thrown.stack) }),
    ...(kind !== undefined && { kind }),
    ...((typeof code === 'string' || typeof code === 'number') && { code: String(code) }),
    ...(thrown.cause !== undefined && depth < deepestCause && { cause: toWire(thrown.cause, depth + 1) }),
    ...(Array.isArray(details.errors) &&
      depth < deepestCause && { errors: details.errors.slice(0, mostErrors).map((e) => toWire(e, depth + 1)) }),
    ...(kind === 'data' && {
      ...(details.topic !== undefined && { topic: details.topic }),
      ...(details.part !== undefined && { part: details.part }),
      ...(details.path !== undefined && { path: details.path }),
    }),
    ...(kind === 'config' && { problems: (details.problems ?? []).map(({ key, message }) => ({ key, message })) }),
  };
}

function ownError(kind: ErrorKind, wire: WireError): MillraceError {
  const options = {
    ...(wire.code !== undefined && { code: wire.code }),
    ...(wire.cause !== undefined && { cause: errorFromWire(wire.cause) }),
  };
  const { message } = wire;
  switch (kind) {
    case 'retriable':
      return new RetriableError(message, options);
    case 'timeout':
      return new TimeoutError(message, options);
    case 'not-found':
      return new NotFoundError(message, options);
    case 'already-exists':
      return new AlreadyExistsError(message, options);
    case 'data':
      return new DataError(message, {
        ...options,
        ...(wire.topic !== undefined && { topic: wire.topic }),
        ...(wire.part !== undefined && { part: wire.part }),
        ...(wire.path !== undefined && { path: wire.path }),
      });
    case 'config':
      return define(new ConfigError(wire.problems ?? [], options), 'message', message);
    default:
      return new MillraceError(message, options);
  }
}

function foreignError(wire: WireError): Error {
  const options = wire.cause === undefined ? undefined : { cause: errorFromWire(wire.cause) };
  const error =
    wire.errors === undefined
      ? new Error(wire.message, options)
      : new AggregateError(wire.errors.map(errorFromWire), wire.message, options);
  define(error, 'name', wire.name);
  return wire.code === undefined ? error : Object.assign(error, { code: wire.code });
}

/** Error-like and not `instanceof Error`: an error of another realm (a `vm` context) is one too. */
function isErrorLike(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'message' in value && 'name' in value;
}

function describe(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  try {
    return `Thrown value that is no error: ${JSON.stringify(thrown) ?? String(thrown)}`;
  } catch {
    return 'Thrown value that is no error and cannot be printed';
  }
}

function cut(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}…`;
}

function define<T extends object>(target: T, key: string, value: unknown): T {
  return Object.defineProperty(target, key, { value, configurable: true, writable: true, enumerable: false });
}
