import { once } from 'node:events';
import { connect } from 'node:net';
import { ConfigError, MillraceError, NotFoundError } from '@millrace/api';
import { afterEach, describe, expect, it } from 'vitest';
import type { Herder } from '../../src/herder/herder.ts';
import { forbidden } from '../../src/herder/herder-errors.ts';
import { headersOf, parseHeaderRules } from '../../src/rest/header-rules.ts';
import { readListeners } from '../../src/rest/listeners.ts';
import { statusOf } from '../../src/rest/rest-errors.ts';
import { type RestServer, type RestServerOptions, startRestServer } from '../../src/rest/rest-server.ts';

const servers: RestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A herder that answers what a test needs, so that only the server is looked at. */
async function serve(
  herder: Partial<Herder>,
  properties: Record<string, string> = {},
  options: Partial<RestServerOptions> = {},
): Promise<RestServer> {
  const server = await startRestServer({ properties: { listeners: 'http://127.0.0.1:0', ...properties }, ...options });
  servers.push(server);
  server.serve({ workerId: server.workerId, stage: 'The worker is idle', ...herder } as Herder);
  return server;
}

const urlOf = ({ urls }: RestServer, path: string) => `${urls[0]}${path}`;
const json = { 'Content-Type': 'application/json' };

describe('the REST server', () => {
  it('listens on loopback unless told otherwise', async () => {
    const server = await serve({}, { listeners: 'http://:0' });
    expect(server.workerId).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it('answers 503 until it serves a herder', async () => {
    const server = await startRestServer({ properties: { listeners: 'http://127.0.0.1:0' } });
    servers.push(server);
    const response = await fetch(urlOf(server, '/connectors'));
    expect([response.status, await response.json()]).toEqual([
      503,
      { error_code: 503, message: 'The worker is still starting up.' },
    ]);
  });

  it('says that an address is taken, and where to change it', async () => {
    const { workerId } = await serve({});
    await expect(startRestServer({ properties: { listeners: `http://${workerId}` } })).rejects.toThrow(
      /cannot listen on .* taken by another process. Name another address in listeners/,
    );
  });

  it('gives up after the deadline, and says what the worker does', async () => {
    const server = await serve({ connectors: () => new Promise(() => undefined) }, {}, { timeoutMs: 50 });
    const response = await fetch(urlOf(server, '/connectors'));
    expect(await response.json()).toEqual({
      error_code: 500,
      message: 'Request timed out. The worker is idle',
    });
  });

  it('refuses a body that is too long, and headers that are', async () => {
    const server = await serve({}, {}, { mostBodyBytes: 100, mostHeaderBytes: 1000 });
    const body = JSON.stringify({ name: 'x'.repeat(200) });
    expect((await fetch(urlOf(server, '/connectors'), { method: 'POST', headers: json, body })).status).toBe(413);
    expect((await fetch(urlOf(server, '/'), { headers: { 'X-Long': 'x'.repeat(2000) } })).status).toBe(431);
  });

  it('answers what is no HTTP with JSON', async () => {
    const server = await serve({});
    const socket = connect(Number(new URL(urlOf(server, '')).port), '127.0.0.1');
    socket.write('GARBAGE\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toContain('{"error_code":400,"message":"HTTP 400 Bad Request"}');
  });

  it('serves /admin where it is wanted', async () => {
    const loggers = async () => ({ root: { level: 'INFO', last_modified: null } });
    const statusAt = async (url: string | undefined) => (await fetch(`${url}/admin/loggers`)).status;
    const together = await serve({ loggers });
    expect(await statusAt(together.urls[0])).toBe(200);
    const apart = await serve({ loggers }, { 'admin.listeners': 'http://127.0.0.1:0' });
    expect([await statusAt(apart.urls[0]), await statusAt(apart.adminUrls[0])]).toEqual([404, 200]);
    const off = await serve({ loggers }, { 'admin.listeners': '' });
    expect([await statusAt(off.urls[0]), off.adminUrls.length]).toEqual([404, 0]);
  });

  it('lets scripts of named sites in, and no others', async () => {
    const properties = { 'access.control.allow.origin': 'https://ui', 'access.control.allow.methods': 'GET,PUT' };
    const server = await serve({ connectors: async () => [] }, properties);
    const ask = async (Origin: string, more: RequestInit = {}) => {
      const headers = { Origin, 'Access-Control-Request-Method': 'PUT' };
      const response = await fetch(urlOf(server, '/connectors'), { headers, ...more });
      return ['allow-origin', 'allow-methods'].map((name) => response.headers.get(`access-control-${name}`));
    };
    expect(await ask('https://ui')).toEqual(['https://ui', null]);
    expect(await ask('https://ui', { method: 'OPTIONS' })).toEqual(['https://ui', 'GET,PUT']);
    expect(await ask('https://evil', { method: 'OPTIONS' })).toEqual([null, null]);
  });

  it('adds the headers of the worker to every answer', async () => {
    const rules = 'set X-Frame-Options: DENY, "add Cache-Control: no-cache, no-store"';
    const server = await serve({ connectors: async () => [] }, { 'response.http.headers.config': rules });
    const { headers } = await fetch(urlOf(server, '/nope'));
    expect([headers.get('x-frame-options'), headers.get('cache-control')]).toEqual(['DENY', 'no-cache, no-store']);
  });

  it('finishes what is under way before it ends', async () => {
    const { promise, resolve } = Promise.withResolvers<string[]>();
    const server = await serve({ connectors: () => promise });
    const asked = fetch(urlOf(server, '/connectors'));
    await new Promise((go) => setTimeout(go, 50));
    const closed = server.close();
    resolve(['late']);
    expect(await (await asked).json()).toEqual(['late']);
    await closed;
  });
});

describe('errors', () => {
  it.each([
    [new NotFoundError('x'), 404],
    [new ConfigError('x'), 400],
    [forbidden('x'), 403],
    [new MillraceError('x', { code: 'CONFLICT' }), 409],
    [new MillraceError('x'), 500],
    [new TypeError('x'), 500],
  ])('%s is answered with %i', (error, status) => {
    expect(statusOf(error)).toBe(status);
  });
});

describe('rules for headers', () => {
  it('set, add and make dates', () => {
    const rules = parseHeaderRules('set A: 1,add A: 2,setDate Expires: 1000');
    expect([...headersOf(rules, 0)]).toEqual([
      ['A', ['1', '2']],
      ['Expires', ['Thu, 01 Jan 1970 00:00:01 GMT']],
    ]);
  });

  it.each(['put A: 1', 'set A', 'setDate A: soon', 'set A B: 1'])('are not %s', (text) => {
    expect(() => parseHeaderRules(text)).toThrow(`response.http.headers.config has '${text}'`);
  });
});

describe('listeners', () => {
  it('are read with all their problems at once', () => {
    expect(() => readListeners({ listeners: 'ftp://x:1,http://y', 'admin.listeners': 'https://z:99999' })).toThrow(
      /ftp:\/\/x:1[\s\S]*http:\/\/y[\s\S]*https:\/\/z:99999/,
    );
    expect(readListeners({ listeners: 'HTTPS://[::1]:8443' }).regular).toEqual([
      { protocol: 'https', host: '::1', port: 8443 },
    ]);
  });
});
