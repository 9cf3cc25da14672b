import { createLog, type Log, logFormatFor } from '@millrace/runtime';
import { choiceOption } from '../arguments.ts';

export const logFlags = { 'log-format': { type: 'string' }, 'log-level': { type: 'string' } } as const;

export const logHelp = `  --log-format F      text, or json: one object on each line (default: text)
  --log-level L       error, warn, info, debug or trace (default: info); PUT /admin/loggers changes it while it runs`;

/** The log of a worker, on standard error: what a connector writes to standard output stays clean. */
export function openLog(values: {
  readonly 'log-format'?: string | undefined;
  readonly 'log-level'?: string | undefined;
}): Log {
  const format = choiceOption('--log-format', values['log-format'] ?? 'text', ['text', 'json']);
  const level = choiceOption('--log-level', values['log-level'] ?? 'info', ['error', 'warn', 'info', 'debug', 'trace']);
  const log = createLog({
    format: format === 'json' ? 'json' : logFormatFor(process.stderr, process.env),
    write: (line) => process.stderr.write(`${line}\n`),
  });
  log.setLevels({ root: level, classes: {} });
  return log;
}
