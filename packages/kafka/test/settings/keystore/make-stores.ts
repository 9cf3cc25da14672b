import { execFile, execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const storePassword = 'store-secret';
export const keyPassword = 'key-secret';

/** What Java 17 writes where it is told to be like Java 8. */
const asJava8 = '-J-Dkeystore.pkcs12.legacy';
const unprotected = ['certProtectionAlgorithm', 'macAlgorithm'].map((name) => `-J-Dkeystore.pkcs12.${name}=NONE`);

export function hasKeytool(): boolean {
  try {
    execFileSync('keytool', [], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * An authority, and a certificate of it for localhost, in stores of every kind that keytool writes. The committed ones in
 * `fixtures` were made by this.
 */
export async function makeStores(directory: string): Promise<void> {
  const keytool = (...args: readonly string[]): Promise<unknown> => {
    const command = [...args, '-storepass', storePassword, '-noprompt'];
    return promisify(execFile)('keytool', command, { cwd: directory, timeout: 30_000 });
  };
  const newKey = ['-validity', '36500', '-keyalg', 'EC', '-groupname', 'secp256r1', '-storetype', 'PKCS12'];
  const authority = ['-alias', 'ca', '-keystore', 'ca.p12'];
  const key = ['-alias', 'client', '-keystore', 'key.p12'];
  await keytool('-genkeypair', ...authority, ...newKey, '-dname', 'CN=authority', '-ext', 'bc:c');
  await keytool('-exportcert', ...authority, '-rfc', '-file', 'ca.pem');
  await keytool('-genkeypair', ...key, ...newKey, '-dname', 'CN=client');
  await keytool('-certreq', ...key, '-file', 'client.csr');
  const signed = ['-infile', 'client.csr', '-outfile', 'client.pem', '-validity', '36500', '-ext', 'san=dns:localhost'];
  await keytool('-gencert', ...authority, '-rfc', ...signed);
  await keytool('-importcert', '-keystore', 'key.p12', '-alias', 'ca', '-file', 'ca.pem');
  await keytool('-importcert', ...key, '-file', 'client.pem');
  await keytool('-delete', '-keystore', 'key.p12', '-alias', 'ca');

  const copy = ['-importkeystore', '-srckeystore', 'key.p12', '-srcstorepass', storePassword, '-srcalias', 'client'];
  await keytool(...copy, '-destkeystore', 'key.jks', '-deststoretype', 'JKS', '-destkeypass', keyPassword);
  await keytool(asJava8, ...copy, '-destkeystore', 'key-java8.p12', '-deststoretype', 'PKCS12');
  for (const [file, type, ...options] of [
    ['trust.p12', 'PKCS12'],
    ['trust-java8.p12', 'PKCS12', asJava8],
    ['trust-open.p12', 'PKCS12', ...unprotected],
    ['trust.jks', 'JKS'],
  ] as const) {
    const trust = ['-importcert', '-alias', 'ca', '-file', 'ca.pem', '-keystore', file, '-storetype', type];
    await keytool(...options, ...trust);
  }
  await Promise.all(['ca.pem', 'client.csr', 'client.pem'].map((file) => rm(join(directory, file))));
}
