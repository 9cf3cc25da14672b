import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HOST } from './definition.ts';
import { type Program, requireProgram } from './programs.ts';
import { runCommand } from './run-command.ts';

export const OPENSSL: Program = { name: 'openssl', apt: 'openssl', brew: 'openssl' };

/** Elliptic keys: RSA ones took most of a broker's start. */
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/**
 * Makes a certificate authority and certificates for 127.0.0.1 and localhost: `ca.pem`, and for `server` and `client`
 * `NAME.pem`, `NAME.key` and `NAME.all.pem` (key, certificate, authority: Java's PEM key store).
 */
export async function makeCertificates(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const openssl = (...args: string[]) => runCommand(requireProgram(OPENSSL), args, { cwd: directory, timeout: 30_000 });
  await writeFile(join(directory, 'names.cnf'), `subjectAltName=DNS:localhost,IP:${HOST}\n`);
  await openssl(
    'req',
    '-x509',
    ...NEW_KEY,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '3650',
    '-subj',
    '/CN=test-ca',
  );
  for (const [serial, name] of ['server', 'client'].entries()) {
    await openssl('req', ...NEW_KEY, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const authority = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', String(serial + 1)];
    await openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      ...authority,
      '-days',
      '3650',
      '-out',
      `${name}.pem`,
      '-extfile',
      'names.cnf',
    );
    const parts = [`${name}.key`, `${name}.pem`, 'ca.pem'].map((part) => readFile(join(directory, part), 'utf8'));
    await writeFile(join(directory, `${name}.all.pem`), (await Promise.all(parts)).join(''), { mode: 0o600 });
  }
}
