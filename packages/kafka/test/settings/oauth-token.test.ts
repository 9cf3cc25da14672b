import { createServer } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { createTokenSource } from '../../src/settings/oauth-token.ts';
import { SettingReader } from '../../src/settings/setting-reader.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function endpoint(
  answer: (requests: number) => { status: number; body: object },
): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      seen.push(`${request.headers.authorization} ${body}`);
      const { status, body: json } = answer(seen.length);
      response.writeHead(status, { connection: 'close' }).end(JSON.stringify(json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/token`, seen };
}

const jaas = { clientId: 'me', clientSecret: 'secret', scope: 'all' };

test('a token is asked for once and used until it is about to expire', async () => {
  const { url, seen } = await endpoint(() => ({ status: 200, body: { access_token: 'token', expires_in: 60 } }));
  const source = createTokenSource(new SettingReader({ 'sasl.oauthbearer.token.endpoint.url': url }), jaas)!;
  expect([await source(), await source()]).toEqual(['token', 'token']);
  expect(seen).toEqual([
    `Basic ${Buffer.from('me:secret').toString('base64')} grant_type=client_credentials&scope=all`,
  ]);
});

test('a failure is told without the secret, and the next call asks again', async () => {
  const { url } = await endpoint((requests) =>
    requests === 1 ? { status: 401, body: {} } : { status: 200, body: { access_token: 'later' } },
  );
  const source = createTokenSource(new SettingReader({ 'sasl.oauthbearer.token.endpoint.url': url }), jaas)!;
  const error = await source().catch((thrown: unknown) => thrown);
  expect(String(error)).toContain('status 401');
  expect(String(error)).not.toContain('secret');
  expect(await source()).toBe('later');
});

test('a token that is about to expire is replaced, and used on while no other can be had', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  cleanups.push(async () => vi.useRealTimers());
  const { url, seen } = await endpoint((requests) =>
    requests === 2 || requests === 3
      ? { status: 503, body: {} }
      : { status: 200, body: { access_token: `token ${requests}`, expires_in: 60 } },
  );
  const source = createTokenSource(new SettingReader({ 'sasl.oauthbearer.token.endpoint.url': url }), jaas)!;
  expect(await Promise.all([source(), source()])).toEqual(['token 1', 'token 1']);
  expect(seen).toHaveLength(1);
  vi.advanceTimersByTime(50_000);
  expect(await source()).toBe('token 1');
  expect(seen).toHaveLength(2);
  vi.advanceTimersByTime(10_000);
  await expect(source()).rejects.toThrow('status 503');
  expect(await source()).toBe('token 4');
});

test('the unsecured token has the claims that Java gives it', async () => {
  const source = createTokenSource(new SettingReader({}), {
    unsecuredLoginStringClaim_sub: 'alice',
    unsecuredLoginNumberClaim_level: '7',
    unsecuredLoginListClaim_scope: ',read,write',
    unsecuredLoginLifetimeSeconds: '60',
  })!;
  const [header, claims, signature] = (await source())
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString());
  expect([header, signature]).toEqual(['{"alg":"none"}', '']);
  const { iat, exp, ...rest } = JSON.parse(claims!) as Record<string, number>;
  expect(rest).toEqual({ sub: 'alice', level: 7, scope: ['read', 'write'] });
  expect(exp! - iat!).toBeCloseTo(60);
});
