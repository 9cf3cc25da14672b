import { Agent, request } from 'node:http';
import { expect, it } from 'vitest';
import { type StandaloneWorkerUnderTest, startStandalone } from '../herder/standalone-worker.ts';

const requests = 10_000;
const atOnce = 16;

/** The same for every run: xorshift. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const random = createRandom(0x5eed);
const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
const names = [
  'a',
  'b',
  '__proto__',
  'constructor',
  '%00',
  '%FF',
  '%',
  'a%20b',
  '%2F',
  '..',
  '',
  'é',
  'x'.repeat(300),
  '7',
];
const ends = ['', '/config', '/status', '/tasks', '/tasks/0/status', '/tasks/x/restart', '/tasks/0/restart', '/pause'];
const moreEnds = ['/resume', '/stop', '/restart', '/offsets', '/topics', '/topics/reset', '/nope', '/', '/fence'];
const queries = [
  '',
  '?expand=status',
  '?expand=info&expand=status',
  '?includeTasks=true&onlyFailed=true',
  '?%',
  '?a=%FF',
  '??=',
];
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'];

function path(): string {
  const kind = random(10);
  if (kind < 6) return `/connectors/${pick(names)}${pick([...ends, ...moreEnds])}${pick(queries)}`;
  if (kind < 8)
    return `/connector-plugins/${pick([...names, 'numbers', 'lines'])}${pick(['', '/config', '/config/validate'])}`;
  return pick([
    '/',
    '/health',
    '/connectors',
    '/connector-plugins',
    '/admin/loggers/root',
    `/admin/loggers/${pick(names)}`,
    '*',
    '//',
  ]);
}

function value(depth: number): unknown {
  const kind = random(depth > 3 ? 8 : 11);
  if (kind < 8)
    return pick([null, true, 0, -1, 1e300, '', 'x', 'numbers', '\u0000', '[', '${', '\ud800', 'STOPPED', 'lines']);
  if (kind === 8) return Array.from({ length: random(4) }, () => value(depth + 1));
  return object(depth + 1);
}

const keys = [
  'name',
  'config',
  'initial_state',
  'connector.class',
  'topic',
  'count',
  'topics',
  'transforms',
  'transforms.x.type',
];
const moreKeys = [
  '__proto__',
  'offsets',
  'partition',
  'offset',
  'level',
  'tasks.max',
  'value.converter',
  'connector.plugin.version',
];

function object(depth: number): unknown {
  const entries = Array.from({ length: random(6) }, () => [pick([...keys, ...moreKeys]), value(depth)] as const);
  return Object.fromEntries(entries);
}

function body(): string {
  const kind = random(10);
  if (kind === 0)
    return pick(['', '{', '[]', 'null', '"x"', '{"a":1}}', '\u0000', '[['.repeat(2000), '{"name":1e999}']);
  const numbers = { 'connector.class': 'numbers', topic: pick(['t', 'u']), count: '1' };
  if (kind < 3) return JSON.stringify({ name: pick(['a', 'b']), config: { ...numbers, ...(object(3) as object) } });
  if (kind < 4) return JSON.stringify({ ...numbers, ...(object(3) as object) });
  if (kind < 5) return JSON.stringify({ offsets: [{ partition: value(2), offset: value(2) }] });
  return JSON.stringify(object(0));
}

it(`answers ${requests} requests of all sorts without a 5xx, and lives on`, { timeout: 240_000 }, async () => {
  await using worker = await startStandalone();
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const statuses = new Map<number, number>();
  const wrong: string[] = [];
  let left = requests;
  const client = async () => {
    while (left-- > 0) {
      const [method, target, text] = [pick(methods), path(), body()];
      const type = pick(['application/json', 'application/json', 'application/json; charset=utf-8', 'text/plain']);
      const { status, answer } = await ask(worker, agent, method, target, type, text);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status >= 500 || status === 0) wrong.push(`${method} ${target} ${text.slice(0, 200)}: ${status} ${answer}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  agent.destroy();
  expect(wrong).toEqual([]);
  for (const status of [200, 201, 202, 204, 400, 404, 405]) expect(statuses.get(status) ?? 0).toBeGreaterThan(0);
  expect((await worker.ask('GET', '/health')).status).toBe(200);
});

async function ask(
  { rest }: StandaloneWorkerUnderTest,
  agent: Agent,
  method: string,
  path: string,
  type: string,
  text: string,
): Promise<{ readonly status: number; readonly answer: string }> {
  const { hostname, port } = new URL(rest.urls[0] ?? '');
  const { promise, resolve } = Promise.withResolvers<{ readonly status: number; readonly answer: string }>();
  const escaped = path.replace(/[^!-~]/g, encodeURIComponent);
  const headers = { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) };
  const sent = request({ agent, hostname, port, method, path: escaped, headers }, (response) => {
    let answer = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk;
    });
    response.on('end', () => resolve({ status: response.statusCode ?? 0, answer: answer.slice(0, 300) }));
  });
  sent.on('error', (error) => resolve({ status: 0, answer: error.message }));
  sent.end(text);
  return await promise;
}
