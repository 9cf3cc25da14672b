import { type LogLevel, NotFoundError } from '@millrace/api';
import type { LogLevels } from '../host/host-messages.ts';
import type { LoggerLevel } from './herder.ts';

const root = 'root';
const javaLevels = ['OFF', 'FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE', 'ALL'];
/** Our levels for Java's; errors are always written. */
const ours: Readonly<Record<string, LogLevel>> = {
  OFF: 'error',
  FATAL: 'error',
  ERROR: 'error',
  WARN: 'warn',
  INFO: 'info',
  DEBUG: 'debug',
  TRACE: 'trace',
  ALL: 'trace',
};

export interface LogLevelsOptions {
  /** Classes that write to the log. */
  readonly classes: readonly string[];
  readonly changed: (levels: LogLevels) => void;
  readonly now?: () => number;
}

/** The levels of loggers, which are named by classes. A level that is set for a name holds for all names below it. */
export class LoggerLevels {
  readonly #options: LogLevelsOptions;
  readonly #levels = new Map<string, LoggerLevel>();

  constructor(options: LogLevelsOptions) {
    this.#options = options;
    for (const name of [root, ...options.classes]) this.#levels.set(name, { level: 'INFO', last_modified: null });
  }

  all(): Readonly<Record<string, LoggerLevel>> {
    return Object.fromEntries([...this.#levels].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** @returns the loggers that have another level now. @throws NotFoundError for a level that there is not. */
  set(logger: string, wanted: string): readonly string[] {
    const level = wanted.toUpperCase();
    if (!javaLevels.includes(level)) throw new NotFoundError(`invalid log level '${wanted}'.`);
    if (!this.#levels.has(logger)) this.#levels.set(logger, { level: this.#inherited(logger), last_modified: null });
    const changed = [...this.#levels]
      .filter(([name, { level: before }]) => isWithin(name, logger) && before !== level)
      .map(([name]) => name)
      .toSorted();
    const at = (this.#options.now ?? Date.now)();
    for (const name of changed) this.#levels.set(name, { level, last_modified: at });
    if (changed.length > 0) this.#tell();
    return changed;
  }

  #inherited(logger: string): string {
    const above = [...this.#levels.keys()].filter((name) => name !== root && isWithin(logger, name));
    const nearest = above.toSorted((a, b) => b.length - a.length)[0] ?? root;
    return this.#levels.get(nearest)?.level ?? 'INFO';
  }

  #tell(): void {
    const { [root]: rest, ...classes } = Object.fromEntries(
      [...this.#levels].map(([name, { level }]) => [name, ours[level] ?? 'info'] as const),
    );
    this.#options.changed({ root: rest ?? 'info', classes });
  }
}

function isWithin(name: string, namespace: string): boolean {
  return namespace === root || name === namespace || name.startsWith(`${namespace}.`);
}
