import type { LogFields, Logger } from '@millrace/api';
import { HostLog } from '../host/host-log.ts';
import type { LogLevels, LogLine } from '../host/host-messages.ts';
import { formatLine, type LogFormat } from './format-line.ts';
import { Redactor } from './redactor.ts';

export interface LogOptions {
  readonly format: LogFormat;
  /** Gets each line without its end. */
  readonly write: (line: string) => void;
  readonly now?: (() => Date) | undefined;
}

/** Where everything of a process is logged: one line per event, and no secret in it. */
export interface Log {
  /** Writes what a host or a worker tells; its level was looked at where it comes from. */
  readonly line: (line: LogLine) => void;
  /** A logger of the worker itself, named like a class. */
  logger(name: string, fields?: LogFields): Logger;
  setLevels(levels: LogLevels): void;
  readonly redactor: Redactor;
}

export function createLog({ format, write, now = () => new Date() }: LogOptions): Log {
  const redactor = new Redactor();
  const line = (one: LogLine): void => write(formatLine(format, one, now(), redactor));
  const own = new HostLog(line);
  return {
    line,
    logger: (name, fields = {}) => own.logger(name, { logger: name, ...fields }),
    setLevels: (levels) => own.setLevels(levels),
    redactor,
  };
}

/** What suits a stream: colours where somebody reads it who can see them. Heeds NO_COLOR and FORCE_COLOR. */
export function logFormatFor(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): LogFormat {
  const { NO_COLOR, FORCE_COLOR } = environment;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '0' && FORCE_COLOR !== 'false') return 'terminal';
  if (FORCE_COLOR !== undefined || (NO_COLOR !== undefined && NO_COLOR !== '')) return 'text';
  return stream.isTTY === true ? 'terminal' : 'text';
}
