import { appendFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { folderWith, type RunningCommand, startCommand, takenPort } from './support/command.ts';

const anyPorts = ['--port', '0', '--rest-port', '0'];
const text = { 'value.converter': 'StringConverter' };
const source = { name: 'from', 'connector.class': 'FileStreamSource', file: 'in.txt', topic: 'lines', ...text };
const sink = { name: 'to', 'connector.class': 'FileStreamSink', file: 'out.txt', topics: 'lines', ...text };

const dev = (cwd: string, ...args: string[]): RunningCommand => startCommand(['dev', ...anyPorts, ...args], { cwd });

async function refused(files: Readonly<Record<string, unknown>>, ...args: string[]): Promise<[number | null, string]> {
  const cwd = folderWith(files);
  const command = dev(cwd, ...args);
  const code = await command.ended();
  expect(command.out).toBe('');
  return [code, command.err.replaceAll(/^\[.*\n/gm, '').trim()];
}

const restOf = async (command: RunningCommand): Promise<string> => (await command.says(/REST (http:\S+)/))[1] ?? '';
const lines = (path: string): string[] => readFileSync(path, 'utf8').trim().split('\n');
const until = (condition: () => void | Promise<void>): Promise<void> =>
  vi.waitFor(condition, { timeout: 20_000, interval: 50 });

describe('millrace dev', { timeout: 60_000 }, () => {
  test('runs connectors from files and from REST, keeps them, and goes on where it was', async () => {
    const properties = Object.entries(sink).map(([key, value]) => `${key}=${value}\n`);
    const cwd = folderWith({ 'in.txt': 'one\ntwo\n', 'source.json': source, 'sink.properties': properties.join('') });
    const out = join(cwd, 'out.txt');
    const first = dev(cwd, 'source.json', 'sink.properties');
    await first.says(/from {2}RUNNING \(source, 1 of 1 tasks run\)/);
    await until(() => expect(lines(out)).toEqual(['one', 'two']));
    const rest = await restOf(first);
    const other = { name: 'other', config: { ...sink, name: 'other', file: 'other.txt' } };
    const post = (body: unknown) =>
      fetch(`${rest}/connectors`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await post(other)).status).toBe(201);
    await first.says(/other {2}RUNNING/);
    expect((await fetch(`${rest}/connectors/to/pause`, { method: 'PUT' })).status).toBe(202);
    await first.says(/to {2}PAUSED/);
    first.child.kill('SIGINT');
    expect(await first.ended()).toBe(0);
    expect(first.out).toMatch(/Stopping in good order/);

    appendFileSync(join(cwd, 'in.txt'), 'three\n');
    const second = dev(cwd);
    await second.says(/to {2}PAUSED/);
    await until(() => expect(lines(join(cwd, 'other.txt'))).toEqual(['one', 'two', 'three']));
    const again = await restOf(second);
    expect((await fetch(`${again}/connectors/to/resume`, { method: 'PUT' })).status).toBe(202);
    await until(() => expect(lines(out)).toEqual(['one', 'two', 'three']));
    expect((await fetch(`${again}/connectors/other`, { method: 'DELETE' })).status).toBe(204);
    second.child.kill('SIGTERM');
    expect(await second.ended()).toBe(0);
    expect(readdirSync(join(cwd, '.millrace', 'connectors')).toSorted()).toEqual(['from.json', 'to.json']);
  });

  test('loses nothing when it is killed', async () => {
    const cwd = folderWith({ 'in.txt': '', 'source.json': source, 'sink.json': sink });
    const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `${from + index}`);
    const append = (from: number, to: number) =>
      appendFileSync(join(cwd, 'in.txt'), `${numbers(from, to).join('\n')}\n`);
    const first = dev(cwd, 'source.json', 'sink.json');
    append(0, 20_000);
    await until(() => expect(lines(join(cwd, 'out.txt')).length).toBeGreaterThan(100));
    append(20_000, 40_000);
    first.child.kill('SIGKILL');
    await first.ended();
    const second = dev(cwd);
    await until(() => expect(new Set(lines(join(cwd, 'out.txt'))).size).toBe(40_000));
    second.child.kill('SIGINT');
    expect(await second.ended()).toBe(0);
  });

  test('says when a connector fails, and goes on', async () => {
    const cwd = folderWith({ 'source.json': { ...source, file: 'in.txt' }, 'in.txt': 'x\n' });
    const bad = { ...sink, 'value.converter': 'JsonConverter' };
    const command = dev(cwd, 'source.json');
    const rest = await restOf(command);
    const headers = { 'Content-Type': 'application/json' };
    await fetch(`${rest}/connectors/to/config`, { method: 'PUT', headers, body: JSON.stringify(bad) });
    await command.says(/to {2}FAILED \(sink, 0 of 1 tasks run\): org\.apache\.kafka\.connect\.errors\./);
    expect((await fetch(`${rest}/connectors/from/status`)).status).toBe(200);
  });

  test('ends at once when it is asked twice', async () => {
    const task = '{ put: async () => undefined, close: () => new Promise(() => undefined) }';
    const definition = `{ kind: 'sink', name: 'stubborn', version: '1.0.0', config: {}, open: async () => (${task}) }`;
    const cwd = folderWith({
      'package.json': { name: 'mine', type: 'module', millrace: { plugins: './p' }, exports: { './p': './plugin.js' } },
      'plugin.js': `export const stubborn = ${definition};`,
      'sink.json': { name: 'stubborn', 'connector.class': 'stubborn', topics: 'none' },
      'worker.properties': 'task.shutdown.graceful.timeout.ms=60000\n',
    });
    const command = dev(cwd, 'sink.json', '--config', 'worker.properties');
    await command.says(/stubborn {2}RUNNING \(sink, 1 of 1/);
    command.child.kill('SIGINT');
    await command.says(/Stopping in good order/);
    await setTimeout(400);
    expect(command.child.exitCode).toBe(null);
    command.child.kill('SIGINT');
    const start = performance.now();
    expect(await command.ended()).toBe(130);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('millrace dev refuses to start', { timeout: 30_000 }, () => {
  test.each([
    ['a file that is not there', {}, ['gone.json'], 'millrace dev: gone.json cannot be read: there is no such file'],
    ['a file that is no JSON', { 'a.json': '{"name"' }, ['a.json'], /^millrace dev: a\.json is no JSON: /],
    [
      'a connector without a name',
      { 'a.json': { 'connector.class': 'FileStreamSink' } },
      ['a.json'],
      'millrace dev: a.json: the key "name" is missing; add the name of the connector',
    ],
    [
      'a name that is not the one of the configuration',
      { 'a.json': { name: 'a', config: { name: 'b' } } },
      ['a.json'],
      'millrace dev: a.json: "name" is "a", and "config.name" is "b"; they must be the same',
    ],
    [
      'a value that is no text',
      { 'a.json': { name: 'a', topics: ['x'] } },
      ['a.json'],
      'millrace dev: a.json: the value of "topics" is an array; it must be a text in quotes',
    ],
    [
      'two connectors of one name',
      { 'a.json': sink, 'b.json': sink },
      ['a.json', 'b.json'],
      'millrace dev: a.json and b.json both describe a connector named "to"; give one of them another name',
    ],
    [
      'a plugin that is not installed',
      { 'a.json': { ...sink, 'connector.class': 'com.acme.Nope' } },
      ['a.json'],
      /^millrace dev: a\.json: connector "to" was refused: .*com\.acme\.Nope/,
    ],
    [
      'wrong values, all of them at once',
      { 'a.json': { ...sink, 'tasks.max': 'many', 'errors.tolerance': 'some' } },
      ['a.json'],
      /^millrace dev: a\.json: connector "to" was refused; correct these keys:\n {2}tasks\.max: Invalid value many.*\n(?:.*\n)* {2}errors\.tolerance: Invalid value some/,
    ],
    [
      'properties of the worker that are wrong',
      { 'w.properties': 'offset.flush.interval.ms=soon' },
      ['--config', 'w.properties'],
      /^millrace dev: .*offset\.flush\.interval\.ms/s,
    ],
  ])('%s', async (what, files, args, message) => {
    const [code, err] = await refused(files, ...args);
    expect(code).toBe(what.startsWith('properties') ? 2 : 3);
    const matches = typeof message === 'string' ? err === message : message.test(err);
    expect({ err, matches }).toEqual({ err, matches: true });
  });

  test('where a port is taken, and lets go of the other', async () => {
    const port = await takenPort();
    const [code, err] = await refused({}, '--rest-port', `${port}`);
    expect([code, err]).toEqual([3, expect.stringMatching(new RegExp(`127.0.0.1:${port}.*taken by another process`))]);
    const [brokerCode, brokerError] = await refused({}, '--port', `${port}`);
    expect(brokerCode).toBe(3);
    expect(brokerError).toContain(`127.0.0.1:${port}: the port is in use. --port N names another port`);
  });

  test('where the data directory is no directory', async () => {
    const [code, err] = await refused({ data: 'a file' }, '--data', 'data');
    expect([code, err]).toEqual([
      3,
      expect.stringMatching(/data directory .*data cannot be used.*--data DIR names another/),
    ]);
  });

  test('nothing of a secret is printed', async () => {
    const secret = 'correct horse battery';
    const [, err] = await refused({ 'a.json': { ...sink, 'tasks.max': secret, 'db.password': secret } }, 'a.json');
    expect(err).toMatch(/tasks\.max/);
    expect(err).not.toContain(secret);
  });
});

test('a kept connector that cannot start is told, and does not stop the others', { timeout: 60_000 }, async () => {
  const cwd = folderWith({ 'sink.json': sink });
  const first = dev(cwd, 'sink.json');
  await first.says(/to {2}RUNNING/);
  first.child.kill('SIGINT');
  await first.ended();
  const kept = join(cwd, '.millrace', 'connectors', 'to.json');
  const content = readFileSync(kept, 'utf8').replace('FileStreamSink', 'Gone');
  rmSync(kept);
  appendFileSync(kept, content);
  const second = dev(cwd);
  await restOf(second);
  expect(second.err).toMatch(/ERROR Kept, and not started: .*to\.json: connector "to" was refused: .*Gone/);
});
