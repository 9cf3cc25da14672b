import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { type KeyStore, type KeyStorePasswords, readKeyStore } from './keystore/key-store.ts';
import { KeyStoreError } from './keystore/key-store-error.ts';
import { type RawSettings, SettingReader } from './setting-reader.ts';

/** Options for `tls.connect`, without the address. */
export type TlsSettings = ConnectionOptions;

type StoreName = 'ssl.keystore' | 'ssl.truststore';

/** What `ssl.*` settings say, for a server of the worker too. @throws KafkaError that names every problem. */
export function readTlsSettings(settings: RawSettings): TlsSettings {
  const reader = new SettingReader(settings);
  const options = readTls(reader);
  reader.finish();
  return options;
}

export function readTls(reader: SettingReader): TlsSettings {
  const options: ConnectionOptions = {};
  readKeys(reader, options);
  readTrust(reader, options);
  if (reader.text('ssl.endpoint.identification.algorithm', 'https') === '') {
    options.checkServerIdentity = () => undefined;
  }
  const protocols = reader.list('ssl.enabled.protocols');
  const versions = protocols.flatMap((name): ('TLSv1.2' | 'TLSv1.3')[] =>
    name === 'TLSv1.2' || name === 'TLSv1.3' ? [name] : [],
  );
  if (versions.length > 0) {
    const sorted = versions.toSorted();
    options.minVersion = sorted[0]!;
    options.maxVersion = sorted.at(-1)!;
  } else if (protocols.length > 0) {
    reader.problem('ssl.enabled.protocols', 'only TLSv1.2 and TLSv1.3 are supported');
  }
  const ciphers = reader.list('ssl.cipher.suites');
  if (ciphers.length > 0) {
    reader.problem('ssl.cipher.suites', 'is not supported: leave it out, and the suites of OpenSSL are used');
  }
  return options;
}

/** The format is found out by the bytes, as in Java, unless it is PEM. */
function isPem(reader: SettingReader, store: StoreName): boolean {
  return reader.oneOf(`${store}.type`, ['JKS', 'PKCS12', 'PEM'], 'JKS') === 'PEM';
}

function readKeys(reader: SettingReader, options: ConnectionOptions): void {
  const location = reader.optional('ssl.keystore.location');
  const pem = isPem(reader, 'ssl.keystore');
  const password = reader.optional('ssl.keystore.password');
  const keyPassword = reader.optional('ssl.key.password');
  const key = reader.optional('ssl.keystore.key');
  const chain = reader.optional('ssl.keystore.certificate.chain');
  if (key !== undefined || chain !== undefined) {
    if (!pem) reader.problem('ssl.keystore.type', 'must be PEM where key and certificate are given as text');
    if (key === undefined) reader.problem('ssl.keystore.key', 'must be set where ssl.keystore.certificate.chain is');
    if (chain === undefined) reader.problem('ssl.keystore.certificate.chain', 'must be set where ssl.keystore.key is');
    Object.assign(options, { key, cert: chain, passphrase: keyPassword });
  } else if (location) {
    const bytes = readFile(reader, 'ssl.keystore', location);
    if (bytes === undefined) return;
    if (pem) Object.assign(options, { key: bytes, cert: bytes, passphrase: keyPassword });
    else openKeyStore(reader, location, bytes, { store: password, key: keyPassword, wanted: 'keys' }, options);
  }
}

function openKeyStore(
  reader: SettingReader,
  location: string,
  bytes: Buffer,
  passwords: KeyStorePasswords,
  options: ConnectionOptions,
): void {
  const keys = openStore(reader, 'ssl.keystore', location, bytes, passwords)?.keys;
  if (keys === undefined) return;
  const [entry] = keys;
  if (entry === undefined || keys.length > 1) {
    const aliases = keys.map(({ alias }) => alias).join(', ');
    const what = entry === undefined ? 'no private key' : `more than one private key (${aliases})`;
    const remedy = 'keytool -importkeystore -srcalias <alias> copies one key into a store of its own';
    reader.problem('ssl.keystore.location', `${location} has ${what}; ${remedy}`);
  } else if (entry.chain.length === 0) {
    const remedy = 'import it with keytool -importcert under the alias of the key';
    reader.problem('ssl.keystore.location', `${location} has no certificate for its key ${entry.alias}; ${remedy}`);
  } else {
    try {
      const key = createPrivateKey({ key: entry.key, format: 'der', type: 'pkcs8' });
      options.key = key.export({ format: 'pem', type: 'pkcs8' });
      options.cert = toPem(entry.chain);
    } catch {
      reader.problem('ssl.keystore.location', `${location} has a key or a certificate that OpenSSL cannot read`);
    }
  }
}

function readTrust(reader: SettingReader, options: ConnectionOptions): void {
  const location = reader.optional('ssl.truststore.location');
  const pem = isPem(reader, 'ssl.truststore');
  const password = reader.optional('ssl.truststore.password');
  const certificates = reader.optional('ssl.truststore.certificates');
  if (certificates !== undefined) {
    if (!pem) reader.problem('ssl.truststore.type', 'must be PEM where certificates are given as text');
    options.ca = certificates;
  } else if (location) {
    const bytes = readFile(reader, 'ssl.truststore', location);
    if (bytes === undefined) return;
    if (pem) options.ca = bytes;
    else openTrustStore(reader, location, bytes, password, options);
  }
  // As in Java, each certificate is trusted by itself, also one that another authority has issued.
  if (options.ca !== undefined) options.allowPartialTrustChain = true;
}

function openTrustStore(
  reader: SettingReader,
  location: string,
  bytes: Buffer,
  password: string | undefined,
  options: ConnectionOptions,
): void {
  const store = openStore(reader, 'ssl.truststore', location, bytes, { store: password, wanted: 'certificates' });
  if (store === undefined) return;
  if (store.trusted.length === 0) {
    const remedy = 'import the authority with keytool -importcert -alias <alias> -file <certificate>';
    reader.problem('ssl.truststore.location', `${location} has no certificate that is marked as trusted; ${remedy}`);
    return;
  }
  try {
    options.ca = toPem(store.trusted);
  } catch {
    reader.problem('ssl.truststore.location', `${location} has a certificate that OpenSSL cannot read`);
  }
}

function openStore(
  reader: SettingReader,
  store: StoreName,
  location: string,
  bytes: Buffer,
  passwords: KeyStorePasswords,
): KeyStore | undefined {
  try {
    return readKeyStore(bytes, passwords);
  } catch (error) {
    if (!(error instanceof KeyStoreError)) throw error;
    const setting = error.fault === 'key password' ? 'ssl.key.password' : `${store}.password`;
    const remedy = error.fault === 'content' ? '' : `; check ${setting} with keytool -list -keystore ${location}`;
    reader.problem(`${store}.location`, `${location} ${error.message}${remedy}`);
    return undefined;
  }
}

function readFile(reader: SettingReader, store: StoreName, location: string): Buffer | undefined {
  try {
    return readFileSync(location);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    reader.problem(`${store}.location`, `${location} cannot be read: ${reason}`);
    return undefined;
  }
}

function toPem(certificates: readonly Buffer[]): string {
  return certificates.map((certificate) => new X509Certificate(certificate).toString()).join('');
}
