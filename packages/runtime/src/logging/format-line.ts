import { styleText } from 'node:util';
import type { LogLine } from '../host/host-messages.ts';
import type { Redactor } from './redactor.ts';

/** `text`: as Java writes it. `terminal`: shorter and in colours. `json`: an object on each line. */
export type LogFormat = 'text' | 'terminal' | 'json';

const longestLine = 64 * 1024;

/** The line as it is printed: always one, whatever its message holds. */
export function formatLine(format: LogFormat, line: LogLine, at: Date, redactor: Redactor): string {
  const { logger, connector, task, scope, ...others } = line.fields;
  const message = redactor.text(cut(line.message));
  if (format === 'json') {
    const head = json({ time: at.toISOString(), level: line.level, logger, connector, task, message }, redactor);
    return Object.keys(others).length === 0 ? head : `${head.slice(0, -1)},"fields":${json(others, redactor)}}`;
  }
  const context = connector === undefined ? '' : `[${[connector, partOf(task), scope].filter(Boolean).join('|')}] `;
  const more = Object.entries(others).map(([name, value]) => ` ${name}=${fieldText(name, value, redactor)}`);
  const text = `${oneLine(message)}${cut(more.join(''))}`;
  if (format === 'terminal') {
    const level = styleText(styles[line.level], line.level.toUpperCase().padEnd(5), { validateStream: false });
    return `${dim(clock(at, '.'))} ${level} ${dim(oneLine(context))}${text}`;
  }
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  const source = logger === undefined ? '' : ` (${oneLine(`${logger as string}`)})`;
  return `[${day} ${clock(at, ',')}] ${line.level.toUpperCase()} ${oneLine(context)}${text}${source}`;
}

const styles = { error: 'red', warn: 'yellow', info: 'green', debug: 'cyan', trace: 'gray' } as const;

function dim(text: string): string {
  return styleText('dim', text, { validateStream: false });
}

/** As in Java's `connector.context`. */
function partOf(task: unknown): string {
  return task === undefined ? 'worker' : `task-${task as number}`;
}

function clock(at: Date, beforeMilliseconds: string): string {
  const [hours, minutes, seconds] = [at.getHours(), at.getMinutes(), at.getSeconds()].map(pad);
  return `${hours}:${minutes}:${seconds}${beforeMilliseconds}${String(at.getMilliseconds()).padStart(3, '0')}`;
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}

function fieldText(name: string, value: unknown, redactor: Redactor): string {
  const safe = redactor.value(name, value);
  if (typeof safe === 'object' && safe !== null) {
    const error = safe as { readonly name?: unknown; readonly message?: unknown; readonly stack?: unknown };
    const isError = typeof error.message === 'string' && typeof error.stack === 'string';
    return oneLine(isError ? redactor.text(`${error.name}: ${error.message}`) : json(safe, redactor));
  }
  return oneLine(String(safe));
}

function json(value: unknown, redactor: Redactor): string {
  try {
    return (
      JSON.stringify(value, (key, inner: unknown) =>
        typeof inner === 'bigint'
          ? inner.toString()
          : redactor.value(key, typeof inner === 'string' ? cut(inner) : inner),
      ) ?? 'null'
    );
  } catch {
    return '"(cannot be printed)"';
  }
}

/** What would move the cursor, or begin a line that nobody wrote, is spelled out. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (char) => {
    if (char === '\n') return '\\n';
    return char === '\t' ? ' ' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function cut(text: string): string {
  return text.length <= longestLine ? text : `${text.slice(0, longestLine)}… (${text.length} characters)`;
}
