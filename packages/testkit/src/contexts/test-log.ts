import type { LogFields, Logger, LogLevel } from '@millrace/api';

export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** A logger that keeps its lines, for tests that look at them. */
export interface TestLog extends Logger {
  readonly lines: readonly LogLine[];
}

export function createTestLog(): TestLog {
  return logInto([], {});
}

function logInto(lines: LogLine[], common: LogFields): TestLog {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      lines.push({ level, message, fields: { ...common, ...fields } });
    };
  return {
    lines,
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    trace: at('trace'),
    isEnabled: () => true,
    child: (fields) => logInto(lines, { ...common, ...fields }),
  };
}
