export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** What a log line says beside its text: plain values, one line when printed. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Where plugins write what operators read. Every line already carries connector and task; never put a secret or a
 * whole record into one.
 */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  trace(message: string, fields?: LogFields): void;
  /** Whether a line of this level would be written; ask before building an expensive one. */
  isEnabled(level: LogLevel): boolean;
  /** A logger that adds these fields to every line. */
  child(fields: LogFields): Logger;
}

/** Writes nothing. */
export const silentLogger: Logger = {
  error: nothing,
  warn: nothing,
  info: nothing,
  debug: nothing,
  trace: nothing,
  isEnabled: () => false,
  child: () => silentLogger,
};

function nothing(): void {}
