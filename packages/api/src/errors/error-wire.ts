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

const mostErrors = 64;
const mostProblems = 256;
const longestText = 64 * 1024;

/**
 * Turns any thrown value into plain data; never throws itself. An error with its causes and members is at most 64
 * errors, each of them once, and texts are cut at 64 KiB, so that a cyclic or huge error stays bounded.
 */
export function errorToWire(thrown: unknown): WireError {
  return toWire(thrown, new Set());
}

/** Brings back an error that {@link errorToWire} wrote: kind, code, cause and brand are as before. */
export function errorFromWire(wire: WireError): Error {
  const error = wire.kind === undefined ? foreignError(wire) : ownError(wire.kind, wire);
  define(error, 'stack', wire.stack ?? `${wire.name}: ${wire.message}`);
  return error;
}

function toWire(thrown: unknown, seen: Set<unknown>): WireError {
  if (!isErrorLike(thrown)) return { name: 'Error', message: cut(describe(thrown)) };
  seen.add(thrown);
  const kind = attempt(() => kindOf(thrown));
  const text = (property: string): string | undefined => {
    const value = read(thrown, property);
    return typeof value === 'string' || typeof value === 'number' ? cut(String(value)) : undefined;
  };
  const inner = (value: unknown): WireError | undefined =>
    value === undefined || seen.has(value) || seen.size >= mostErrors ? undefined : toWire(value, seen);
  const members = read(thrown, 'errors');
  const errors = Array.isArray(members)
    ? members.slice(0, mostErrors).flatMap((member) => inner(member) ?? [])
    : undefined;
  const located = kind === 'data' ? ['topic', 'part', 'path'] : [];
  const optional = {
    stack: text('stack'),
    kind,
    code: text('code'),
    cause: inner(read(thrown, 'cause')),
    errors,
    ...Object.fromEntries(located.map((property) => [property, text(property)])),
    problems: kind === 'config' ? problemsOf(read(thrown, 'problems')) : undefined,
  };
  return {
    name: text('name') ?? 'Error',
    message: text('message') ?? '',
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

function problemsOf(problems: unknown): readonly ConfigProblem[] {
  if (!Array.isArray(problems)) return [];
  return problems
    .slice(0, mostProblems)
    .map(({ key, message }) => ({ key: cut(String(key)), message: cut(String(message)) }));
}

/** Getters and proxies of foreign errors may throw. */
function read(target: object, property: string): unknown {
  return attempt(() => (target as Readonly<Record<string, unknown>>)[property]);
}

function attempt<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
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
  return typeof value === 'object' && value !== null && attempt(() => 'message' in value && 'name' in value) === true;
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
