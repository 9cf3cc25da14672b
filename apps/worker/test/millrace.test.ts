import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseBrokerArguments } from '../src/broker/broker-arguments.ts';
import { dispatch } from '../src/run.ts';
import { version } from '../src/version.ts';

const command = join(import.meta.dirname, '..', 'src', 'millrace.ts');

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function start(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, ['--conditions=@millrace/source', command, ...args]);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** Runs a command in this process: its exit code and what it wrote. */
async function runHere(...args: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const out: string[] = [];
  const err: string[] = [];
  const { signal } = new AbortController();
  const code = await dispatch(args, { out: (line) => out.push(line), err: (line) => err.push(line), signal });
  return { code, out, err };
}

describe('the millrace command', () => {
  test.each([
    [[], /^Usage: millrace COMMAND/],
    [['brokr'], /^millrace: there is no command "brokr"/],
    [['broker'], /^millrace broker: --data DIR is missing/],
    [['broker', '--data'], /^millrace broker: Option '--data <value>' argument missing/],
    [['broker', '--data', 'd', '--prot', '1'], /^millrace broker: Unknown option '--prot'/],
    [['broker', '--data', 'd', '--port', '70000'], /^millrace broker: --port is "70000", not a number from 0 to 65535/],
    [['broker', '--data', 'd', '--port', '9o92'], /^millrace broker: --port is "9o92"/],
    [['broker', '--data', 'd', '--sasl-plain', 'nobody'], /^millrace broker: --sasl-plain must be USER:PASSWORD/],
    [['dev', '--rest-port', 'x'], /^millrace dev: --rest-port is "x", not a number from 0 to 65535/],
    [['dev', '--log-format', 'xml'], /^millrace dev: --log-format is "xml"; it can be text, json/],
    [['standalone'], /^millrace standalone: worker\.properties is missing/],
    [['plugins'], /^millrace plugins: what there is to do is "list"/],
  ])('called with %j says in one line what is wrong, and ends with code 1', async (args, message) => {
    const { code, out, err } = await runHere(...args);
    expect({ code, out, lines: err.length }).toEqual({ code: 1, out: [], lines: 1 });
    expect(err[0]).toMatch(message);
    expect(err[0]).not.toContain('\n');
  });

  test('refuses a data directory that cannot be used', async () => {
    const { code, err } = await runHere('broker', '--data', '/dev/null/d');
    expect({ code, err }).toEqual({
      code: 3,
      err: [expect.stringMatching(/^millrace broker: the data directory \/dev\/null\/d cannot be used: /)],
    });
  });

  test('refuses a port that is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as { port: number };
    const { code, err } = await runHere('broker', '--data', temporaryDirectory(), '--port', String(port));
    expect({ code, err }).toEqual({
      code: 3,
      err: [`millrace broker: cannot listen on 127.0.0.1:${port}: the port is in use`],
    });
  });

  test('lists its commands and their options', async () => {
    expect((await runHere('help')).out.join('\n')).toMatch(/broker +run a single-node Kafka broker/);
    for (const name of ['dev', 'standalone', 'broker', 'plugins']) {
      const [text = ''] = (await runHere(name, '--help')).out;
      expect(text).toMatch(/^Usage: millrace /);
      expect(text).toContain('Examples:');
      expect(text).toContain('Exit codes:');
      expect((await runHere('help', name)).out).toEqual([text]);
    }
    expect((await runHere('broker', '--help')).out.join('\n')).toContain('It is not for production.');
  });

  test('says its version', async () => {
    expect(await runHere('--version')).toEqual({ code: 0, out: [version], err: [] });
  });

  test('runs a broker that says what it is, and ends in order on Ctrl-C', async () => {
    const child = start('broker', '--data', temporaryDirectory(), '--port', '0');
    const lines: string[] = [];
    const output = createInterface(child.stdout!);
    output.on('line', (line) => lines.push(line));
    while (lines.length < 2) await once(output, 'line');
    expect(lines[0]).toContain('for development and tests only');
    expect(lines[1]).toMatch(/^bootstrap\.servers=127\.0\.0\.1:\d+$/);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

test('the arguments of the broker become its options', () => {
  const args = [
    '--data',
    'd',
    '--sasl-plain',
    'a:b:c',
    '--sasl-plain',
    'd:e',
    '--no-auto-create',
    '--fsync',
    '--host',
    '::1',
  ];
  expect(parseBrokerArguments(args)).toEqual({
    data: 'd',
    port: 9092,
    host: '::1',
    saslPlain: { a: 'b:c', d: 'e' },
    autoCreateTopics: false,
    fsync: true,
  });
});
