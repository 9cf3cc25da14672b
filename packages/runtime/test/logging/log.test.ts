import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { LogFormat } from '../../src/logging/format-line.ts';
import { createLog, type Log, logFormatFor } from '../../src/logging/log.ts';

/** Where a secret is, which is no secret. */
const reference = `$${'{file:a:b}'}`;
const at = new Date(2026, 10, 21, 5, 8, 12, 7);

function open(format: LogFormat): { log: Log; lines: string[] } {
  const lines: string[] = [];
  return { log: createLog({ format, write: (line) => lines.push(line), now: () => at }), lines };
}

describe('a line of the log', () => {
  it('reads as those of Java, with the context of connector and task', () => {
    const { log, lines } = open('text');
    log.line({ level: 'info', message: 'Started', fields: { connector: 'orders', task: 0, topic: 'x', size: 7n } });
    log.line({ level: 'warn', message: 'Odd', fields: { connector: 'orders' } });
    log.line({ level: 'info', message: 'Committed', fields: { connector: 'orders', task: 1, scope: 'offsets' } });
    log.logger('millrace.dev').error('No', { error: { name: 'Error', message: 'gone', stack: 'Error: gone\n at x' } });
    expect(lines).toEqual([
      '[2026-11-21 05:08:12,007] INFO [orders|task-0] Started topic=x size=7',
      '[2026-11-21 05:08:12,007] WARN [orders|worker] Odd',
      '[2026-11-21 05:08:12,007] INFO [orders|task-1|offsets] Committed',
      '[2026-11-21 05:08:12,007] ERROR No error=Error: gone (millrace.dev)',
    ]);
  });

  it('is short and in colours on a terminal', () => {
    const { log, lines } = open('terminal');
    log.line({ level: 'warn', message: 'Odd', fields: { connector: 'orders', task: 3 } });
    expect(stripVTControlCharacters(lines[0] ?? '')).toBe('05:08:12.007 WARN  [orders|task-3] Odd');
    expect(lines[0]).not.toBe(stripVTControlCharacters(lines[0] ?? ''));
  });

  it('is an object where JSON is asked for', () => {
    const { log, lines } = open('json');
    log.line({
      level: 'error',
      message: 'a\nb',
      fields: { connector: 'orders', task: 0, big: 2n ** 60n, deep: { a: [1] } },
    });
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: at.toISOString(),
      level: 'error',
      connector: 'orders',
      task: 0,
      message: 'a\nb',
      fields: { big: '1152921504606846976', deep: { a: [1] } },
    });
  });

  it.each(['text', 'terminal', 'json'] as const)('is one line in the format %s, whatever it holds', (format) => {
    const { log, lines } = open(format);
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    log.line({ level: 'info', message: 'a\r\nb\u2028\u001b[2J', fields: { connector: 'x\ny', more: 'c\nd', cyclic } });
    log.line({ level: 'info', message: 'x'.repeat(1_000_000), fields: {} });
    for (const line of lines) {
      expect(line).not.toMatch(/[\n\r]/);
      expect(line).not.toContain('\u001b[2J');
      expect(line.length).toBeLessThan(70_000);
    }
  });
});

describe('a secret', () => {
  it.each(['text', 'terminal', 'json'] as const)('is in no line of the format %s', (format) => {
    const { log, lines } = open(format);
    log.redactor.hide('hunter22');
    log.redactor.hideConfig({ 'db.password': 'correct horse', 'sasl.jaas.config': reference, url: 'plain-url' });
    log.line({ level: 'info', message: 'as hunter22 and correct horse', fields: {} });
    log.line({ level: 'info', message: 'password="swordfish" secret.key: swordfish, api_key=swordfish', fields: {} });
    log.line({ level: 'info', message: 'jdbc:postgresql://me:swordfish@host/db', fields: { password: 'swordfish' } });
    log.line({
      level: 'info',
      message: 'x',
      fields: { config: { password: 'swordfish', deep: { url: 'a hunter22' } } },
    });
    log.line({ level: 'info', message: `${reference} at plain-url`, fields: {} });
    const all = lines.join('\n');
    expect(all).not.toMatch(/hunter22|correct horse|swordfish/);
    expect(all).toContain(`${reference} at plain-url`);
    expect(all).toContain('jdbc:postgresql://me:[hidden]@host/db');
  });

  it('is looked for in linear time', () => {
    const { log } = open('text');
    const start = performance.now();
    for (const text of ['password', 'a://', 'api.key', 'secret ', '"', 'auth']) {
      log.line({ level: 'info', message: text.repeat(8000), fields: {} });
    }
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

it('levels are changed while the log is written', () => {
  const { log, lines } = open('text');
  const logger = log.logger('a');
  logger.debug('one');
  log.setLevels({ root: 'error', classes: { a: 'debug' } });
  logger.debug('two');
  log.logger('b').warn('three');
  expect(lines.map((line) => line.slice(26))).toEqual(['DEBUG two (a)']);
});

it.each([
  [{}, true, 'terminal'],
  [{}, false, 'text'],
  [{ NO_COLOR: '1' }, true, 'text'],
  [{ NO_COLOR: '' }, true, 'terminal'],
  [{ FORCE_COLOR: '1' }, false, 'terminal'],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, 'terminal'],
  [{ FORCE_COLOR: '0' }, true, 'text'],
])('with %j and a terminal %s the format is %s', (environment, isTTY, format) => {
  expect(logFormatFor({ isTTY }, environment)).toBe(format);
});
