import { createDecipheriv, pbkdf2Sync } from 'node:crypto';
import type { Der } from './der.ts';
import { KeyStoreError, outdated } from './key-store-error.ts';
import { pkcs12Key } from './pkcs12-key.ts';
import { decryptRc2 } from './rc2.ts';

const pbes2 = '1.2.840.113549.1.5.13';
const pbkdf2 = '1.2.840.113549.1.5.12';
const sha1Mac = '1.2.840.113549.2.7';
const hashes: Readonly<Record<string, string>> = {
  [sha1Mac]: 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
const ciphers: Readonly<Record<string, readonly [name: string, keySize: number]>> = {
  '2.16.840.1.101.3.4.1.2': ['aes-128-cbc', 16],
  '2.16.840.1.101.3.4.1.22': ['aes-192-cbc', 24],
  '2.16.840.1.101.3.4.1.42': ['aes-256-cbc', 32],
  '1.2.840.113549.3.7': ['des-ede3-cbc', 24],
};
/** With keys that are derived as in PKCS12 itself, as Java wrote until version 8. */
const oldCiphers: Readonly<Record<string, readonly [name: string, keySize: number]>> = {
  '1.2.840.113549.1.12.1.3': ['des-ede3-cbc', 24],
  '1.2.840.113549.1.12.1.5': ['rc2', 16],
  '1.2.840.113549.1.12.1.6': ['rc2', 5],
};
/** The same limit as Java's, so that a damaged file does not keep the process busy. */
const mostIterations = 5_000_000;

/** Decrypts what was encrypted with a password, by the algorithm that stands beside it. */
export function decrypt(algorithm: Der, encrypted: Buffer, password: string, fault: KeyStoreError['fault']): Buffer {
  const { cipher, key, iv } = derive(algorithm, password);
  try {
    if (cipher === 'rc2') return decryptRc2(key, iv, encrypted);
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch (error) {
    throw new KeyStoreError(fault, 'is damaged, or its password is wrong', { cause: error });
  }
}

export function iterations(value: Der | undefined): number {
  const count = value === undefined ? 1 : value.integer();
  if (count < 1 || count > mostIterations) throw new KeyStoreError('content', `asks for ${count} iterations`);
  return count;
}

interface DerivedKey {
  readonly cipher: string;
  readonly key: Buffer;
  readonly iv: Buffer;
}

function derive(algorithm: Der, password: string): DerivedKey {
  const [name, parameters] = algorithm.items;
  const oid = name!.oid();
  if (oid === pbes2) return deriveByPbkdf2(parameters!, password);
  const old = oldCiphers[oid];
  if (old === undefined) throw outdated(`the encryption ${oid}`);
  const [salt, count] = parameters!.items;
  const derived = (id: 1 | 2, size: number): Buffer =>
    pkcs12Key({ hash: 'sha1', id, password, salt: salt!.octets(), iterations: iterations(count), size });
  return { cipher: old[0], key: derived(1, old[1]), iv: derived(2, 8) };
}

function deriveByPbkdf2(parameters: Der, password: string): DerivedKey {
  const [derivation, encryption] = parameters.items.map((item) => item.items);
  if (derivation![0]!.oid() !== pbkdf2) throw outdated(`the key derivation ${derivation![0]!.oid()}`);
  const cipher = ciphers[encryption![0]!.oid()];
  if (cipher === undefined) throw outdated(`the cipher ${encryption![0]!.oid()}`);
  const [salt, count, ...rest] = derivation![1]!.items;
  // The length of the key may stand before it, and says what the cipher says.
  const algorithm = rest.find(({ tag }) => tag === 0x30)?.items[0]?.oid() ?? sha1Mac;
  const hash = hashes[algorithm];
  if (hash === undefined) throw outdated(`the key derivation with ${algorithm}`);
  const key = pbkdf2Sync(Buffer.from(password, 'utf8'), salt!.octets(), iterations(count), cipher[1], hash);
  return { cipher: cipher[0], key, iv: encryption![1]!.octets() };
}
