import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../src/cli.ts';
import { temporaryDirectory } from './support.ts';

let stdout: string[];
let stderr: string[];

beforeEach(async () => {
  vi.stubEnv('MILLRACE_SERVICES_HOME', await temporaryDirectory());
  stdout = captured(process.stdout);
  stderr = captured(process.stderr);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function captured(stream: NodeJS.WriteStream): string[] {
  const chunks: string[] = [];
  vi.spyOn(stream, 'write').mockImplementation((chunk) => chunks.push(String(chunk)) > 0);
  return chunks;
}

/** What bad use must look like: one line on standard error, nothing on standard output. */
const refusal = (message: string) => ({ code: 2, stdout: '', stderr: [expect.stringContaining(message), ''] });

async function outcome(argv: readonly string[]): Promise<unknown> {
  return { code: await run(argv), stdout: stdout.join(''), stderr: stderr.join('').split('\n') };
}

test.for<[string[], string]>([
  [[], 'which command? list, install, start, stop, kill, restart'],
  [['strat'], 'no command strat; there are: list, install, start'],
  [['constructor'], 'no command constructor'],
  [['start'], 'which service? there are: kafka'],
  [['start', 'kafak'], 'did you mean kafka'],
  [['install', 'kafka', 'nothing-like-it'], 'no service nothing-like-it; there are: kafka'],
  [['install'], 'install which service?'],
  [['start', 'kafka', 'heap'], 'not KEY=VALUE: heap'],
  [['start', 's3', 'colour=red'], 's3 has no option colour'],
  [['start', 'kafka', '--port', 'x'], '--port is 1024 to'],
  [['start', 'kafka', '--prot', '1'], "Unknown option '--prot'"],
  [['stop', 'kafka'], 'no kafka was started from a terminal (running: nothing)'],
  [['kill', 'kafka'], 'no kafka was started'],
  [['restart', 'kafka'], 'no kafka was started'],
])('bad use %j is answered by one line', async ([argv, message]) => {
  expect(await outcome(argv)).toEqual(refusal(message));
});

test('missing Java is named, with how to get it', async () => {
  vi.stubEnv('PATH', '/nowhere');
  vi.stubEnv('JAVA_HOME', '/nowhere');
  expect(await outcome(['start', 'kafka'])).toEqual(
    refusal('Java was not found; install it with "apt-get install openjdk-17-jdk"'),
  );
});

test('missing Maven is named, and nothing is begun', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'java'), '#!/bin/sh\necho openjdk 17.0.1\n', { mode: 0o755 });
  vi.stubEnv('PATH', directory);
  vi.stubEnv('JAVA_HOME', '');
  expect(await outcome(['install', 'kafka'])).toEqual(
    refusal('the program mvn was not found; install it with "apt-get install maven"'),
  );
});

test('--help goes to standard output', async () => {
  expect(await run(['--help'])).toBe(0);
  expect(stdout.join('')).toContain('services start NAME');
  expect(stderr).toEqual([]);
});

test('list names every service, its version, and what is not there', async () => {
  expect(await run(['list'])).toBe(0);
  expect(stdout.join('')).toMatch(/^kafka +4\.3\.1 +- +not installed +Apache Kafka, one KRaft node$/m);
});
