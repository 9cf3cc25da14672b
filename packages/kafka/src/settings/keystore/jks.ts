import { createHash, timingSafeEqual } from 'node:crypto';
import { Der } from './der.ts';
import type { KeyEntry, KeyStore, KeyStorePasswords } from './key-store.ts';
import { KeyStoreError, outdated } from './key-store-error.ts';

const magic = 0xfeedfeed;
const magicOfJceks = 0xcececece;
const keyProtector = '1.3.6.1.4.1.42.2.17.1.1';
const digestSize = 20;

export function isJks(bytes: Buffer): boolean {
  if (bytes.length < 4) return false;
  const found = bytes.readUInt32BE(0);
  if (found === magicOfJceks) throw outdated('the format JCEKS');
  return found === magic;
}

/** Sun's own format, which Java wrote by default up to version 8. */
export function readJks(bytes: Buffer, passwords: KeyStorePasswords): KeyStore {
  checkIntegrity(bytes, passwords.store);
  const input = new JksInput(bytes);
  const version = input.int32();
  const keys: KeyEntry[] = [];
  const trusted: Buffer[] = [];
  for (let left = input.int32(); left > 0; left--) {
    const tag = input.int32();
    const alias = input.text();
    input.skip(8);
    if (tag === 1) {
      const protectedKey = input.block();
      const chain = Array.from({ length: input.int32() }, () => input.certificate(version));
      if (chain[0] !== undefined) trusted.push(chain[0]);
      if (passwords.wanted === 'keys') keys.push({ alias, key: recoverKey(protectedKey, passwords), chain });
    } else if (tag === 2) {
      trusted.push(input.certificate(version));
    } else {
      throw new KeyStoreError('content', 'is damaged: it holds an entry of an unknown kind');
    }
  }
  return { keys, trusted };
}

function checkIntegrity(bytes: Buffer, password: string | undefined): void {
  if (password === undefined) return;
  const end = bytes.length - digestSize;
  const digest = sha1(passwordBytes(password), Buffer.from('Mighty Aphrodite'), bytes.subarray(0, end));
  if (!timingSafeEqual(digest, bytes.subarray(end)))
    throw new KeyStoreError('store password', 'is damaged, or its password is wrong');
}

/** The key is XORed with a stream of SHA-1 digests that begins at the salt; its own digest follows. */
function recoverKey(protectedKey: Buffer, passwords: KeyStorePasswords): Buffer {
  const [algorithm, data] = Der.parse(protectedKey).items;
  const oid = algorithm!.items[0]!.oid();
  if (oid !== keyProtector) throw outdated(`the key protection ${oid}`);
  const secret = passwords.key ?? passwords.store;
  if (secret === undefined) throw new KeyStoreError('store password', 'has a protected key, and no password is set');
  const password = passwordBytes(secret);
  const bytes = data!.octets();
  const key = Buffer.from(bytes.subarray(digestSize, -digestSize));
  let digest = bytes.subarray(0, digestSize);
  for (let at = 0; at < key.length; at++) {
    if (at % digestSize === 0) digest = sha1(password, digest);
    key[at]! ^= digest[at % digestSize]!;
  }
  if (!timingSafeEqual(sha1(password, key), bytes.subarray(-digestSize)))
    throw new KeyStoreError('key password', 'has a key that this password does not open');
  return key;
}

function sha1(...parts: readonly Buffer[]): Buffer {
  return createHash('sha1').update(Buffer.concat(parts)).digest();
}

function passwordBytes(password: string): Buffer {
  return Buffer.from(password, 'utf16le').swap16();
}

class JksInput {
  readonly #bytes: Buffer;
  #at = 4;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(count: number): Buffer {
    const start = this.#at;
    this.#at += count;
    if (count < 0 || this.#at > this.#bytes.length) throw new RangeError('out of bounds');
    return this.#bytes.subarray(start, this.#at);
  }

  int32(): number {
    return this.skip(4).readInt32BE(0);
  }

  text(): string {
    return this.skip(this.skip(2).readUInt16BE(0)).toString('utf8');
  }

  block(): Buffer {
    return this.skip(this.int32());
  }

  certificate(version: number): Buffer {
    const type = version === 2 ? this.text() : 'X.509';
    if (type !== 'X.509') throw new KeyStoreError('content', `holds a certificate of type ${type}, not X.509`);
    return this.block();
  }
}
