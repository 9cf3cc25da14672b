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
  /** How it is called, and its options. */
  readonly help: string;
  /** Resolves with the exit code when it has ended. */
  run(args: readonly string[], context: CommandContext): Promise<number>;
}

/** The command was called wrongly, or cannot do what it was asked for: one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
