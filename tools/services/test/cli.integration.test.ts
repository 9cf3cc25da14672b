import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { findHost } from '../src/host-connection.ts';
import { allocatePorts, isListening } from '../src/ports.ts';
import { eventually, portOf } from './support.ts';

const home = await mkdtemp(join(tmpdir(), 'services-cli-'));
afterAll(async () => {
  await services('stop', 'mosquitto');
  process.env['MILLRACE_SERVICES_HOME'] = home;
  await eventually(async () => {
    if ((await findHost()) !== undefined) throw new Error('the host of the instances goes on without any');
  });
  delete process.env['MILLRACE_SERVICES_HOME'];
  await rm(home, { recursive: true, force: true });
});

/** Runs `pnpm services …` in a process of its own, as a terminal does. */
async function services(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const script = `import { run } from '@millrace/services/cli'; process.exitCode = await run(${JSON.stringify(argv)});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    env: { ...process.env, MILLRACE_SERVICES_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, 'exit')) as [number];
  const [stdout, stderr] = await outputs;
  return { code, stdout, stderr };
}

const exported = (stdout: string, name: string): string =>
  new RegExp(`^export ${name}=(.*)$`, 'm').exec(stdout)?.[1] ?? '';

test('an instance outlives the command that started it, until it is stopped', async () => {
  const started = await services('start', 'mosquitto', 'user=me');
  expect(started).toMatchObject({ code: 0, stderr: expect.stringMatching(/ready/) });
  const url = exported(started.stdout, 'MQTT_URL');
  expect(exported(started.stdout, 'MQTT_USERNAME')).toBe('me');
  expect(started.stdout.split('\n').filter((line) => !line.startsWith('export '))).toEqual(['']);
  expect(await isListening(portOf(url))).toBe(true);
  expect((await services('list')).stdout).toMatch(new RegExp(`^mosquitto .*${url}`, 'm'));

  expect((await services('start', 'mosquitto')).stdout).toBe(started.stdout);
  expect(await services('start', 'mosquitto', 'user=you')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^services: mosquitto runs already.*\n$/),
  });

  expect(await services('kill', 'mosquitto')).toMatchObject({ code: 0 });
  expect(await isListening(portOf(url))).toBe(false);
  expect(await services('start', 'mosquitto')).toMatchObject({ code: 2, stderr: expect.stringMatching(/was killed/) });
  expect(await services('restart', 'mosquitto')).toMatchObject({ code: 0, stdout: started.stdout });
  expect(await isListening(portOf(url))).toBe(true);

  expect(await services('stop', 'mosquitto')).toMatchObject({ code: 0 });
  expect(await isListening(portOf(url))).toBe(false);
});

test('a fixed port is used, and named when it is taken', async () => {
  const block = await allocatePorts([0, 1]);
  await block[Symbol.asyncDispose]();
  const fixed = ['start', 'mosquitto', '--port', String(block.base)];
  const taken = createServer().listen({ host: '127.0.0.1', port: block.base });
  await once(taken, 'listening');
  expect(await services(...fixed)).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(`^services: port ${block.base} is in use.*\n$`),
  });
  taken.close();
  expect(exported((await services(...fixed)).stdout, 'MQTT_URL')).toBe(`mqtt://127.0.0.1:${block.base}`);
  await services('stop', 'mosquitto');
});

test('a service that does not come up is answered with code 1 and the end of its log', async () => {
  const { code, stdout, stderr } = await services('start', 'mosquitto', 'no_such_setting=1');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('Unknown configuration variable');
});
