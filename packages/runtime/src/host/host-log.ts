import type { LogFields, Logger, LogLevel } from '@millrace/api';
import { errorToWire } from '@millrace/api';
import type { LogLevels, LogLine } from './host-messages.ts';

const levels: readonly LogLevel[] = ['error', 'warn', 'info', 'debug', 'trace'];
/** A plugin that logs every record must not fill the memory of the main thread. */
const mostLinesPerSecond = 2000;

/** Makes the loggers of a host; lines go to the main thread as plain data. */
export class HostLog {
  readonly #write: (line: LogLine) => void;
  #levels: LogLevels = { root: 'info', classes: {} };
  #second = 0;
  #written = 0;

  constructor(write: (line: LogLine) => void) {
    this.#write = write;
  }

  setLevels(to: LogLevels): void {
    this.#levels = to;
  }

  /** `className` is what the level is set by. */
  logger(className: string, fields: LogFields): Logger {
    const isEnabled = (level: LogLevel): boolean => levels.indexOf(level) <= levels.indexOf(this.#levelOf(className));
    const at =
      (level: LogLevel) =>
      (message: string, more: LogFields = {}): void => {
        if (isEnabled(level)) this.#line(level, message, { ...fields, ...more });
      };
    return {
      error: at('error'),
      warn: at('warn'),
      info: at('info'),
      debug: at('debug'),
      trace: at('trace'),
      isEnabled,
      child: (more) => this.logger(className, { ...fields, ...more }),
    };
  }

  #levelOf(className: string): LogLevel {
    const { root, classes } = this.#levels;
    return (Object.hasOwn(classes, className) ? classes[className] : undefined) ?? root;
  }

  #line(level: LogLevel, message: string, fields: LogFields): void {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second) {
      const dropped = this.#written - mostLinesPerSecond;
      this.#second = second;
      this.#written = 0;
      if (dropped > 0) {
        const text = `${dropped} lines of the log were dropped: a host writes at most ${mostLinesPerSecond} a second.`;
        this.#write({ level: 'warn', message: text, fields: {} });
      }
    }
    this.#written++;
    if (this.#written > mostLinesPerSecond) return;
    this.#write({ level, message, fields: plainFields(fields) });
  }
}

/** Fields that can cross a thread: errors as data, and texts of what cannot. */
function plainFields(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(value)]));
}

function plain(value: unknown): unknown {
  if (value === null || value === undefined) return value;
  if (value instanceof Error) return errorToWire(value);
  if (typeof value !== 'object')
    return typeof value === 'function' || typeof value === 'symbol' ? String(value) : value;
  try {
    return structuredClone(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
