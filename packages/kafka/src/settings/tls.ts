import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { SettingReader } from './setting-reader.ts';

/** Options for `tls.connect`, without the address. */
export type TlsSettings = ConnectionOptions;

type StoreType = 'PEM' | 'PKCS12' | 'JKS';

export function readTls(reader: SettingReader): TlsSettings {
  const options: ConnectionOptions = {};
  readKeyStore(reader, options);
  readTrustStore(reader, options);
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

function storeType(reader: SettingReader, name: string): StoreType | undefined {
  const type = reader.oneOf(name, ['JKS', 'PKCS12', 'PEM'], 'JKS');
  return type;
}

function readKeyStore(reader: SettingReader, options: ConnectionOptions): void {
  const location = reader.optional('ssl.keystore.location');
  const type = storeType(reader, 'ssl.keystore.type');
  const password = reader.optional('ssl.keystore.password');
  const keyPassword = reader.optional('ssl.key.password');
  const key = reader.optional('ssl.keystore.key');
  const chain = reader.optional('ssl.keystore.certificate.chain');
  if (key !== undefined || chain !== undefined) {
    if (type !== 'PEM') reader.problem('ssl.keystore.type', 'must be PEM where key and certificate are given as text');
    if (key === undefined) reader.problem('ssl.keystore.key', 'must be set where ssl.keystore.certificate.chain is');
    if (chain === undefined) reader.problem('ssl.keystore.certificate.chain', 'must be set where ssl.keystore.key is');
    Object.assign(options, { key, cert: chain });
  } else if (location !== undefined) {
    const bytes = readStore(reader, 'ssl.keystore.location', location);
    if (bytes === undefined) return;
    if (type === 'PEM') Object.assign(options, { key: bytes, cert: bytes });
    else if (isPkcs12(bytes)) Object.assign(options, { pfx: bytes, passphrase: password });
    else refuseJks(reader, 'ssl.keystore.location');
  }
  if (options.pfx === undefined && keyPassword !== undefined) options.passphrase = keyPassword;
}

function readTrustStore(reader: SettingReader, options: ConnectionOptions): void {
  const location = reader.optional('ssl.truststore.location');
  const type = storeType(reader, 'ssl.truststore.type');
  reader.optional('ssl.truststore.password');
  const certificates = reader.optional('ssl.truststore.certificates');
  if (certificates !== undefined) {
    if (type !== 'PEM') reader.problem('ssl.truststore.type', 'must be PEM where certificates are given as text');
    options.ca = certificates;
  } else if (location !== undefined) {
    const bytes = readStore(reader, 'ssl.truststore.location', location);
    if (bytes === undefined) return;
    if (type === 'PEM') options.ca = bytes;
    else {
      reader.problem(
        'ssl.truststore.location',
        `a ${isPkcs12(bytes) ? 'PKCS12' : 'JKS'} trust store cannot be read here; export its certificates ` +
          '(keytool -exportcert -rfc) and use ssl.truststore.type=PEM',
      );
    }
  }
}

function readStore(reader: SettingReader, name: string, location: string): Buffer | undefined {
  try {
    return readFileSync(location);
  } catch (error) {
    reader.problem(name, `${location} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Java detects the format by itself, whichever of the two names is given; PKCS12 begins with an ASN.1 sequence. */
function isPkcs12(bytes: Buffer): boolean {
  return bytes[0] === 0x30;
}

function refuseJks(reader: SettingReader, name: string): void {
  reader.problem(
    name,
    'a JKS key store cannot be read here; convert it with keytool -importkeystore -deststoretype PKCS12, ' +
      'or use ssl.keystore.type=PEM',
  );
}
