import { type ErrorOptions, kindOf, MillraceError, printAs } from './millrace-error.ts';

/** The same call may succeed later: the runtime calls again with the same input, after a delay. */
export class RetriableError extends MillraceError {
  static {
    printAs(RetriableError, 'RetriableError');
  }

  constructor(message: string, options?: ErrorOptions) {
    super(message, options, 'retriable');
  }

  static override isInstance(value: unknown): value is RetriableError {
    return kindOf(value) === 'retriable';
  }
}

/** Where in a record the fault lies; every part is optional and is added by whoever knows it. */
export interface DataLocation {
  readonly topic?: string;
  /** `key`, `value`, or `header NAME`. */
  readonly part?: string;
  /** Field path from the root of the key or value: `address.lines[2]`. */
  readonly path?: string;
}

export interface DataErrorOptions extends ErrorOptions, DataLocation {}

/** This record is wrong, others may be fine: subject to `errors.tolerance` and the dead letter queue. */
export class DataError extends MillraceError {
  static {
    printAs(DataError, 'DataError');
  }

  readonly topic: string | undefined;
  readonly part: string | undefined;
  readonly path: string | undefined;

  constructor(message: string, options: DataErrorOptions = {}) {
    super(message, options, 'data');
    this.topic = options.topic;
    this.part = options.part;
    this.path = options.path;
  }

  static override isInstance(value: unknown): value is DataError {
    return kindOf(value) === 'data';
  }
}

export interface ConfigProblem {
  /** The key as the user wrote it, with its prefix: `transforms.mask.fields`. */
  readonly key: string;
  /** What is wrong and what to do; never holds the value of a secret. */
  readonly message: string;
}

/** The configuration is wrong; names every problem at once. */
export class ConfigError extends MillraceError {
  static {
    printAs(ConfigError, 'ConfigError');
  }

  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[] | string, options?: ErrorOptions) {
    const list = typeof problems === 'string' ? [] : problems;
    super(typeof problems === 'string' ? problems : problems.map((p) => p.message).join('\n'), options, 'config');
    this.problems = list;
  }

  static override isInstance(value: unknown): value is ConfigError {
    return kindOf(value) === 'config';
  }
}

/** A wait reached its deadline. */
export class TimeoutError extends MillraceError {
  static {
    printAs(TimeoutError, 'TimeoutError');
  }

  constructor(message: string, options?: ErrorOptions) {
    super(message, options, 'timeout');
  }

  static override isInstance(value: unknown): value is TimeoutError {
    return kindOf(value) === 'timeout';
  }
}

/** Something named by the caller does not exist. */
export class NotFoundError extends MillraceError {
  static {
    printAs(NotFoundError, 'NotFoundError');
  }

  constructor(message: string, options?: ErrorOptions) {
    super(message, options, 'not-found');
  }

  static override isInstance(value: unknown): value is NotFoundError {
    return kindOf(value) === 'not-found';
  }
}

/** Something that the caller wants to create is there already. */
export class AlreadyExistsError extends MillraceError {
  static {
    printAs(AlreadyExistsError, 'AlreadyExistsError');
  }

  constructor(message: string, options?: ErrorOptions) {
    super(message, options, 'already-exists');
  }

  static override isInstance(value: unknown): value is AlreadyExistsError {
    return kindOf(value) === 'already-exists';
  }
}
