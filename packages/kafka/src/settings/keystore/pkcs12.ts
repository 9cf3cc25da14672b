import { createHmac, timingSafeEqual, X509Certificate } from 'node:crypto';
import { Der } from './der.ts';
import type { KeyEntry, KeyStore, KeyStorePasswords } from './key-store.ts';
import { KeyStoreError, outdated } from './key-store-error.ts';
import { decrypt, iterations } from './password-encryption.ts';
import { pkcs12Key } from './pkcs12-key.ts';

const contents = { data: '1.2.840.113549.1.7.1', encryptedData: '1.2.840.113549.1.7.6' };
const bags = {
  key: '1.2.840.113549.1.12.10.1.1',
  protectedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
};
const attributes = {
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  /** Java's own mark of a certificate that is trusted, and not only part of a chain. */
  trustedKeyUsage: '2.16.840.1.113894.746875.1.1',
};
const hashes: Readonly<Record<string, readonly [name: string, size: number]>> = {
  '1.3.14.3.2.26': ['sha1', 20],
  '2.16.840.1.101.3.4.2.1': ['sha256', 32],
  '2.16.840.1.101.3.4.2.2': ['sha384', 48],
  '2.16.840.1.101.3.4.2.3': ['sha512', 64],
};

interface Bag {
  readonly kind: string;
  readonly value: Der;
  readonly attributes: ReadonlyMap<string, Der>;
}

/** PKCS12 begins with a sequence of ASN.1. */
export function isPkcs12(bytes: Buffer): boolean {
  return bytes[0] === 0x30;
}

/** RFC 7292 as keytool and OpenSSL write it. */
export function readPkcs12(bytes: Buffer, passwords: KeyStorePasswords): KeyStore {
  const [, authSafe, mac] = Der.parse(bytes).items;
  const [type, content] = authSafe!.items;
  if (type!.oid() !== contents.data) throw outdated('a signature in place of a password');
  const safe = content!.items[0]!.octets();
  if (passwords.store !== undefined && mac !== undefined) checkIntegrity(mac, safe, passwords.store);
  const found = Der.parse(safe).items.flatMap((part) => readBags(part, passwords.store));
  const certificates = found.flatMap((bag) => (bag.kind === bags.certificate ? [readCertificate(bag)] : []));
  const keys: KeyEntry[] = [];
  const trusted: Buffer[] = certificates.filter(({ isTrusted }) => isTrusted).map(({ certificate }) => certificate.raw);
  for (const bag of found) {
    if (bag.kind !== bags.key && bag.kind !== bags.protectedKey) continue;
    const keyId = localKeyId(bag);
    const own = certificates.find((candidate) => keyId !== undefined && candidate.keyId === keyId)?.certificate;
    const chain =
      own === undefined
        ? []
        : chainOf(
            own,
            certificates.map(({ certificate }) => certificate),
          );
    if (chain[0] !== undefined) trusted.push(chain[0]);
    if (passwords.wanted === 'keys') keys.push({ alias: friendlyName(bag), key: readKey(bag, passwords), chain });
  }
  return { keys, trusted };
}

function checkIntegrity(mac: Der, safe: Buffer, password: string): void {
  const [digestInfo, salt, count] = mac.items;
  const [algorithm, expected] = digestInfo!.items;
  const oid = algorithm!.items[0]!.oid();
  const hash = hashes[oid];
  if (hash === undefined) throw outdated(`the integrity check ${oid}`);
  const [name, size] = hash;
  const options = { hash: name, id: 3, password, salt: salt!.octets(), iterations: iterations(count), size } as const;
  const digest = createHmac(name, pkcs12Key(options)).update(safe).digest();
  const stored = expected!.octets();
  if (digest.length !== stored.length || !timingSafeEqual(digest, stored))
    throw new KeyStoreError('store password', 'is damaged, or its password is wrong');
}

function readBags(part: Der, password: string | undefined): Bag[] {
  const [type, content] = part.items;
  const encrypted = type!.oid() === contents.encryptedData;
  const bytes = encrypted ? decryptContent(content!, password) : content!.items[0]!.octets();
  return Der.parse(bytes).items.map((bag) => {
    const [kind, value, marks] = bag.items;
    const pairs = (marks?.items ?? []).map(({ items: [name, values] }) => [name!.oid(), values!] as const);
    return { kind: kind!.oid(), value: value!.items[0]!, attributes: new Map(pairs) };
  });
}

function decryptContent(content: Der, password: string | undefined): Buffer {
  if (password === undefined)
    throw new KeyStoreError('store password', 'has encrypted certificates, and no password is set');
  const [, algorithm, encrypted] = content.items[0]!.items[1]!.items;
  return decrypt(algorithm!, encrypted!.octets(), password, 'store password');
}

function readCertificate(bag: Bag): {
  readonly certificate: X509Certificate;
  readonly keyId: string | undefined;
  readonly isTrusted: boolean;
} {
  const certificate = new X509Certificate(Buffer.from(bag.value.items[1]!.items[0]!.octets()));
  return { certificate, keyId: localKeyId(bag), isTrusted: bag.attributes.has(attributes.trustedKeyUsage) };
}

function readKey(bag: Bag, passwords: KeyStorePasswords): Buffer {
  if (bag.kind === bags.key) return bag.value.raw;
  const password = passwords.key ?? passwords.store;
  if (password === undefined) throw new KeyStoreError('store password', 'has a protected key, and no password is set');
  const [algorithm, encrypted] = bag.value.items;
  return decrypt(algorithm!, encrypted!.octets(), password, 'key password');
}

function localKeyId(bag: Bag): string | undefined {
  return bag.attributes.get(attributes.localKeyId)?.items[0]?.octets().toString('hex');
}

function friendlyName(bag: Bag): string {
  const name = bag.attributes.get(attributes.friendlyName)?.items[0]?.octets();
  return name === undefined ? '' : Buffer.from(name).swap16().toString('utf16le');
}

/** From the certificate to its issuer, as far as the store knows them. */
function chainOf(own: X509Certificate, candidates: readonly X509Certificate[]): Buffer[] {
  const chain = [own];
  for (let last = own; !last.checkIssued(last); ) {
    const issuer = candidates.find((candidate) => !chain.includes(candidate) && last.checkIssued(candidate));
    if (issuer === undefined) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain.map(({ raw }) => raw);
}
