/** Where a command writes, and what tells it to end. */
export interface CommandContext {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Aborted by Ctrl-C and by SIGTERM. */
  readonly signal: AbortSignal;
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** How it is called, its options, and examples. */
  readonly help: string;
  /** Resolves with the exit code when it has ended. */
  run(args: readonly string[], context: CommandContext): Promise<number>;
}

/** As Java's scripts have them. */
export const exitCodes = { done: 0, usage: 1, error: 2, notStarted: 3 } as const;

/** For the end of every help text. */
export const exitCodesHelp = `Exit codes:
  0  ended as it was asked to
  1  called wrongly
  2  an error: a file or the configuration of the worker is wrong
  3  could not start: a connector was refused, a port is taken, or Kafka does not answer`;

/** What a command ends with when it cannot do what it was asked: one message for the user, and no trace. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The command was called wrongly. */
export class UsageError extends CommandError {
  override readonly name = 'UsageError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, exitCodes.usage, options);
  }
}

/** A file or the configuration of the worker is wrong. */
export class InputError extends CommandError {
  override readonly name = 'InputError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, exitCodes.error, options);
  }
}

/** It cannot start: a connector was refused, a port is taken, Kafka does not answer. */
export class StartError extends CommandError {
  override readonly name = 'StartError';

  constructor(message: string, options?: ErrorOptions) {
    super(message, exitCodes.notStarted, options);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
