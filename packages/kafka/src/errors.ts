import { describeErrorCode } from '@millrace/protocol';

const brand = Symbol.for('@millrace/kafka.KafkaError');

export interface KafkaErrorOptions extends ErrorOptions {
  /** Whether the same call may succeed later. Default: false. */
  readonly retriable?: boolean;
}

/** Anything that a broker refused or a client could not do. `code` is Kafka's own name where there is one. */
export class KafkaError extends Error {
  override readonly name: string = 'KafkaError';
  readonly code: string;
  readonly retriable: boolean;

  constructor(code: string, message: string, options: KafkaErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retriable = options.retriable ?? false;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Recognises errors of every copy of this package. */
  static isInstance(error: unknown): error is KafkaError {
    return typeof error === 'object' && error !== null && brand in error;
  }
}

/** Another producer with the same transactional id has taken over. This one is finished: open a new one, or stop. */
export class FencedError extends KafkaError {
  override readonly name: string = 'FencedError';
}

/** A transaction that can only be aborted; the producer goes on after `abort`. */
export class AbortableError extends KafkaError {
  override readonly name: string = 'AbortableError';
}

/** What an error code of a response means, said about something: `topic orders: TOPIC_ALREADY_EXISTS`. */
export function responseError(code: number, subject: string, message?: string | null): KafkaError {
  const kind = describeErrorCode(code);
  const text = message ? `${subject}: ${message} (${kind.name})` : `${subject}: ${kind.name}`;
  return new KafkaError(kind.name, text, { retriable: kind.retriable });
}

/** The same for requests that name one thing: that it does not exist is an answer, not a reason to ask again. */
export function finalError(code: number, subject: string, message?: string | null): KafkaError {
  const error = responseError(code, subject, message);
  return error.code === 'UNKNOWN_TOPIC_OR_PARTITION' ? new KafkaError(error.code, error.message) : error;
}

export function networkError(message: string, cause?: unknown): KafkaError {
  return new KafkaError('NETWORK_EXCEPTION', message, { retriable: true, cause });
}

export function timeoutError(what: string, milliseconds: number): KafkaError {
  return new KafkaError('REQUEST_TIMED_OUT', `${what} took longer than ${milliseconds} ms`, { retriable: true });
}

export function closedError(what: string): KafkaError {
  return new KafkaError('CLOSED', `${what} is closed`);
}

export function asKafkaError(error: unknown): KafkaError {
  if (KafkaError.isInstance(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new KafkaError('UNKNOWN', message, { cause: error });
}
