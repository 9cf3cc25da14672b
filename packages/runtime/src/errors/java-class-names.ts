import { MillraceError } from '@millrace/api';

const javaNames = {
  general: 'org.apache.kafka.connect.errors.ConnectException',
  retriable: 'org.apache.kafka.connect.errors.RetriableException',
  data: 'org.apache.kafka.connect.errors.DataException',
  config: 'org.apache.kafka.common.config.ConfigException',
  timeout: 'org.apache.kafka.common.errors.TimeoutException',
  'not-found': 'org.apache.kafka.connect.errors.NotFoundException',
  'already-exists': 'org.apache.kafka.connect.errors.AlreadyExistsException',
} as const;

/** What Java would call an error: who reads dead letters and traces looks for these names. */
export function javaClassName(error: unknown): string {
  if (MillraceError.isInstance(error)) return javaNames[error.kind];
  if (error instanceof Error) return error.name;
  return 'java.lang.Exception';
}

/** The trace of an error with its causes, as Java prints one. */
export function javaStackTrace(error: unknown): string {
  const lines: string[] = [];
  const seen = new Set<unknown>();
  for (let at = error; at !== undefined && at !== null && !seen.has(at) && seen.size < 20; ) {
    seen.add(at);
    lines.push(`${seen.size > 1 ? 'Caused by: ' : ''}${javaClassName(at)}: ${messageOf(at)}`);
    if (!(at instanceof Error)) break;
    lines.push(...frames(at));
    at = at.cause;
  }
  return `${lines.join('\n')}\n`;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The lines of places, which follow the name and the message (that may have several lines itself). */
function frames({ stack = '' }: Error): string[] {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => `\t${line.trim()}`);
}
