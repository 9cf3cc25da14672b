import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Broker, startBroker } from '@millrace/broker';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { folderWith, type StartOptions, startCommand, takenPort } from './support/command.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker.close());

const worker = (changes: Readonly<Record<string, string>> = {}): string =>
  Object.entries({
    'bootstrap.servers': broker.bootstrap,
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'offset.storage.file.filename': 'connect.offsets',
    'offset.flush.interval.ms': '200',
    listeners: 'http://127.0.0.1:0',
    ...changes,
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
const source = (topic: string) => ({ name: 'from', 'connector.class': 'FileStreamSource', file: 'in.txt', topic });
const sink = (topics: string) => ({
  name: `to-${topics}`,
  'connector.class': 'FileStreamSink',
  file: 'out.txt',
  topics,
});
const standalone = (options: StartOptions, ...args: string[]) =>
  startCommand(['worker.properties', ...args], { program: 'connect-standalone', ...options });

describe('connect-standalone', { timeout: 60_000 }, () => {
  test('runs connectors from files, and goes on where its offsets are', async () => {
    const cwd = folderWith({
      'worker.properties': worker(),
      'in.txt': 'one\n',
      'source.json': source('moved'),
      'sink.json': { name: 'to-moved', config: sink('moved') },
    });
    const out = () => (existsSync(join(cwd, 'out.txt')) ? readFileSync(join(cwd, 'out.txt'), 'utf8') : '');
    const first = standalone({ cwd }, 'source.json', 'sink.json');
    await first.says(/to-moved {2}RUNNING/);
    await vi.waitFor(() => expect(out()).toBe('one\n'), { timeout: 20_000 });
    first.child.kill('SIGTERM');
    expect(await first.ended()).toBe(0);
    expect(readFileSync(join(cwd, 'connect.offsets')).length).toBeGreaterThan(0);

    writeFileSync(join(cwd, 'in.txt'), 'one\ntwo\n');
    const second = standalone({ cwd }, 'source.json', 'sink.json');
    await vi.waitFor(() => expect(out()).toBe('one\ntwo\n'), { timeout: 20_000 });
    second.child.kill('SIGINT');
    expect(await second.ended()).toBe(0);
  });

  test('finds the plugins of plugin.path, of two versions the one that is asked for, and skips a broken one', async () => {
    const cwd = folderWith({
      'worker.properties': worker({ 'plugin.path': 'plugins' }),
      'a.json': { name: 'a', 'connector.class': 'nothing', 'connector.plugin.version': '[1,2)' },
    });
    for (const version of ['1.5.0', '2.0.0']) {
      const folder = join(cwd, 'plugins', `nothing-${version}`);
      mkdirSync(folder, { recursive: true });
      const manifest = { name: 'nothing', version, type: 'module', millrace: { plugins: './plugin' } };
      writeFileSync(
        join(folder, 'package.json'),
        JSON.stringify({ ...manifest, exports: { './plugin': './plugin.js' } }),
      );
      const definition = `{ kind: 'sink', name: 'nothing', version: '${version}', config: {}, open: async () => ({}) }`;
      writeFileSync(join(folder, 'plugin.js'), `export const nothing = ${definition};`);
    }
    mkdirSync(join(cwd, 'plugins', 'broken'));
    writeFileSync(join(cwd, 'plugins', 'broken', 'package.json'), '{');
    const command = standalone({ cwd, env: { FORCE_COLOR: '0' } });
    const rest = (await command.says(/REST (http:\S+)/))[1] ?? '';
    const known = (await (await fetch(`${rest}/connector-plugins`)).json()) as { class: string; version: string }[];
    expect(known.filter((plugin) => plugin.class === 'nothing').map(({ version }) => version)).toEqual([
      '1.5.0',
      '2.0.0',
    ]);
    expect(command.err).toMatch(/WARN Skipped a plugin: .*broken\/package\.json is no JSON/);
  });

  test('writes its log as JSON where it is asked to', async () => {
    const cwd = folderWith({ 'worker.properties': worker(), 'sink.json': sink('none') });
    const command = standalone({ cwd }, 'sink.json', '--log-format', 'json');
    await command.says(/to-none {2}RUNNING/);
    command.child.kill('SIGTERM');
    expect(await command.ended()).toBe(0);
    const lines = command.err.trim().split('\n');
    expect(lines.map((line) => Object.keys(JSON.parse(line)).slice(0, 2))).toEqual(lines.map(() => ['time', 'level']));
  });
});

describe('connect-standalone does not start', { timeout: 60_000 }, () => {
  const refused = async (files: Readonly<Record<string, unknown>>, ...args: string[]) => {
    const command = standalone({ cwd: folderWith(files) }, ...args);
    const code = await command.ended();
    expect(command.out).toBe('');
    return { code, err: command.err.replaceAll(/^\[.*\n/gm, '').trim() };
  };

  test('without its file', async () => {
    expect(await refused({})).toEqual({
      code: 2,
      err: 'millrace standalone: worker.properties cannot be read: there is no such file',
    });
  });

  test('without the keys that it needs, and names all of them', async () => {
    const { code, err } = await refused({ 'worker.properties': 'key.converter=StringConverter\n' });
    expect(code).toBe(2);
    expect(err).toMatch(/^millrace standalone: worker\.properties: .*not complete/);
    for (const key of ['bootstrap.servers', 'value.converter', 'offset.storage.file.filename']) {
      expect(err).toContain(`\n  ${key} is missing; for example: ${key}=`);
    }
  });

  test('with a file that is no properties file', async () => {
    const { code, err } = await refused({ 'worker.properties': 'a=1\nb=\\u12\n' });
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/worker\.properties: .*line 2/) });
  });

  test('where Kafka does not answer', async () => {
    const { code, err } = await refused({ 'worker.properties': worker({ 'bootstrap.servers': '127.0.0.1:1' }) });
    expect({ code, err }).toEqual({
      code: 3,
      err: expect.stringMatching(
        /^millrace standalone: Kafka does not answer at 127\.0\.0\.1:1: .*correct bootstrap\.servers and the security settings in worker\.properties\.$/,
      ),
    });
  });

  test('where the port of REST is taken', async () => {
    const port = await takenPort();
    const { code, err } = await refused({ 'worker.properties': worker({ listeners: `http://127.0.0.1:${port}` }) });
    expect({ code, err }).toEqual({ code: 3, err: expect.stringMatching(/taken by another process.*listeners/) });
  });

  test('where the offsets cannot be read', async () => {
    const { code, err } = await refused({ 'worker.properties': worker(), 'connect.offsets': 'no offsets' });
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining('connect.offsets') });
  });

  test('with a connector that is refused; then none is started', async () => {
    const files = {
      'worker.properties': worker(),
      'good.json': sink('good'),
      'bad.json': { ...sink('bad'), 'tasks.max': '0' },
    };
    const { code, err } = await refused(files, 'good.json', 'bad.json');
    expect({ code, err }).toEqual({
      code: 3,
      err: expect.stringMatching(
        /^millrace standalone: bad\.json: connector "to-bad" was refused; correct these keys:\n {2}tasks\.max: /,
      ),
    });
  });

  test('exactly once, as in Java', async () => {
    const exact = { ...source('exact'), 'exactly.once.support': 'required' };
    const { code, err } = await refused({ 'worker.properties': worker(), 'a.json': exact }, 'a.json');
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining('exactly.once.support: ') });
  });
});

test('millrace plugins list names what is there', async () => {
  const cwd = folderWith({});
  const command = startCommand(['plugins', 'list', '--json'], { cwd });
  expect(await command.ended()).toBe(0);
  const { plugins, problems } = JSON.parse(command.out) as { plugins: Record<string, string>[]; problems: unknown[] };
  expect(problems).toEqual([]);
  expect(plugins).toContainEqual({
    type: 'source',
    class: 'org.apache.kafka.connect.file.FileStreamSourceConnector',
    version: expect.any(String),
    package: '@millrace/connector-file',
  });
  const table = startCommand(['plugins', 'list'], { cwd });
  expect(await table.ended()).toBe(0);
  expect(table.out).toMatch(/^TYPE +CLASS +VERSION +PACKAGE\n/);
});
