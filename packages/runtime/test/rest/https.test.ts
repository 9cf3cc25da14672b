import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Herder } from '../../src/herder/herder.ts';
import { startRestServer } from '../../src/rest/rest-server.ts';

const store = fileURLToPath(new URL('fixtures/localhost.pem', import.meta.url));
const pem = readFileSync(store, 'utf8');
const keys = { 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': store };
const trust = { 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': store };
const prefixed = (properties: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(properties).map(([key, value]) => [`listeners.https.${key}`, value]));

async function connectorsOver(properties: Readonly<Record<string, string>>, client = {}): Promise<unknown> {
  const server = await startRestServer({ properties: { listeners: 'https://127.0.0.1:0', ...properties } });
  server.serve({ connectors: async () => ['one'] } as Partial<Herder> as Herder);
  try {
    return await new Promise((resolve, reject) => {
      const sent = request(`${server.urls[0]}/connectors`, { ca: pem, agent: false, ...client }, (response) => {
        response.setEncoding('utf8').on('data', (text: string) => resolve(JSON.parse(text)));
      });
      sent.on('error', reject).end();
    });
  } finally {
    await server.close();
  }
}

it('is served over TLS with the keys of ssl.*, or of listeners.https.* alone where there are any', async () => {
  expect(await connectorsOver(keys)).toEqual(['one']);
  expect(await connectorsOver(prefixed(keys))).toEqual(['one']);
  const mixed = { ...keys, ...prefixed({ 'ssl.client.auth': 'none' }) };
  await expect(connectorsOver(mixed)).rejects.toThrow('set listeners.https.ssl.keystore.location');
});

it('asks clients for a certificate where that is required', async () => {
  const properties = { ...keys, ...trust, 'ssl.client.auth': 'required' };
  await expect(connectorsOver(properties)).rejects.toThrow(/certificate|ECONNRESET|socket|alert/i);
  expect(await connectorsOver(properties, { key: pem, cert: pem })).toEqual(['one']);
});
