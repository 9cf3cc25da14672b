import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { SettingReader } from '../../../src/settings/setting-reader.ts';
import { readTls, type TlsSettings } from '../../../src/settings/tls.ts';
import { keyPassword, storePassword } from './make-stores.ts';

/** What must hold for the stores that `makeStores` writes. */
export function storeContract(directory: () => string): void {
  const read = (settings: Record<string, string>): { tls: TlsSettings; problems: readonly string[] } => {
    const reader = new SettingReader(settings);
    return { tls: readTls(reader), problems: reader.problems };
  };
  const key = (file: string, more: Record<string, string> = {}): Record<string, string> => ({
    'ssl.keystore.location': join(directory(), file),
    'ssl.keystore.password': storePassword,
    ...more,
  });
  const trust = (file: string, more: Record<string, string> = {}): Record<string, string> => ({
    'ssl.truststore.location': join(directory(), file),
    'ssl.truststore.password': storePassword,
    ...more,
  });

  describe('mutual TLS', () => {
    test.each([
      ['key.p12', 'trust.p12', {}],
      ['key.jks', 'trust.jks', { 'ssl.key.password': keyPassword }],
      ['key-java8.p12', 'trust-java8.p12', {}],
      ['key.p12', 'trust-open.p12', { 'ssl.keystore.type': 'PKCS12', 'ssl.truststore.type': 'JKS' }],
      // The certificate of a key is trusted, too.
      ['key.p12', 'ca.p12', {}],
    ])('with the key of %s and the authority of %s', async (keyFile, trustFile, more) => {
      const { tls, problems } = read({ ...key(keyFile), ...trust(trustFile), ...more });
      expect(problems).toEqual([]);
      expect(await shakeHands(tls)).toBe('client');
    });

    test('with a broker whose own certificate is trusted, and not its authority', async () => {
      const { tls, problems } = read({ ...key('key.p12'), ...trust('key.p12') });
      expect(problems).toEqual([]);
      expect(await shakeHands(tls, false)).toBe(undefined);
    });

    test('with a trust store of JKS without its password, which only guards the integrity', () => {
      const { 'ssl.truststore.password': _, ...open } = trust('trust.jks');
      expect(read(open)).toMatchObject({ problems: [], tls: { ca: expect.stringContaining('BEGIN CERTIFICATE') } });
    });
  });

  describe('a store that cannot be used is refused with its setting, its file and a remedy', () => {
    test.each(['key.p12', 'key.jks', 'key-java8.p12'])('%s with a wrong password', (file) => {
      const { problems } = read(key(file, { 'ssl.keystore.password': 'wrong-secret' }));
      expect(problems).toEqual([
        expect.stringContaining(`ssl.keystore.location: ${join(directory(), file)} is damaged`),
      ]);
      expect(problems[0]).toContain('check ssl.keystore.password with keytool -list');
      expect(problems[0]).not.toContain('wrong-secret');
    });

    test('key.jks with a wrong password of the key', () => {
      const { problems } = read(key('key.jks', { 'ssl.key.password': 'wrong-secret' }));
      expect(problems).toEqual([expect.stringMatching(/key\.jks .*; check ssl\.key\.password/)]);
      expect(problems[0]).not.toContain('wrong-secret');
    });

    test.each(['trust.p12', 'trust-java8.p12'])('%s without a password', (file) => {
      const { 'ssl.truststore.password': _, ...open } = trust(file);
      expect(read(open).problems).toEqual([
        expect.stringMatching(/^ssl\.truststore\.location: .*no password is set; check ssl\.truststore\.password/),
      ]);
    });

    test('a key store without a key, and a file that is not there', () => {
      expect(read(key('trust.p12')).problems).toEqual([
        expect.stringMatching(/trust\.p12 has no private key; keytool/),
      ]);
      expect(read(trust('absent.jks')).problems).toEqual([
        expect.stringMatching(/^ssl\.truststore\.location: .*absent\.jks cannot be read: ENOENT/),
      ]);
    });

    test.each(['key.p12', 'key.jks', 'trust.jks', 'trust-open.p12'])('%s wherever it was cut off', (file) => {
      const folder = mkdtempSync(join(tmpdir(), 'millrace-stores-'));
      try {
        const location = join(folder, file);
        copyFileSync(join(directory(), file), location);
        const whole = readFileSync(location);
        const settings = file.startsWith('key') ? key(file) : trust(file);
        const setting = file.startsWith('key') ? 'ssl.keystore.location' : 'ssl.truststore.location';
        for (let length = 0; length < whole.length; length += 1 + Math.floor(whole.length / 20)) {
          writeFileSync(location, whole.subarray(0, length));
          const { problems } = read({ ...settings, [setting]: location });
          expect({ length, problems }).toEqual({
            length,
            problems: [expect.stringContaining(`${setting}: ${location}`)],
          });
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
}

/** The same settings on both sides; answers with whom the server has seen, where it asks. */
async function shakeHands(tls: TlsSettings, mutual = true): Promise<string | undefined> {
  const { key, cert, ca } = tls;
  const seen = Promise.withResolvers<string | undefined>();
  const asked = mutual ? { ca: ca!, requestCert: true, rejectUnauthorized: true } : {};
  const server = createServer({ key: key!, cert: cert!, ...asked }, (socket) => {
    seen.resolve(socket.getPeerCertificate().subject?.CN as string | undefined);
  });
  server.on('tlsClientError', seen.reject);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ ...tls, host: '127.0.0.1', servername: 'localhost', port });
  socket.on('error', seen.reject);
  try {
    await once(socket, 'secureConnect');
    return await seen.promise;
  } finally {
    socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}
