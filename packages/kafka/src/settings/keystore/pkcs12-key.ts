import { createHash } from 'node:crypto';

export interface Pkcs12KeyOptions {
  readonly hash: string;
  /** What it is for: 1 a key, 2 an initialisation vector, 3 a MAC. */
  readonly id: 1 | 2 | 3;
  readonly password: string;
  readonly salt: Buffer;
  readonly iterations: number;
  readonly size: number;
}

/** Derives bytes from a password as in RFC 7292, appendix B.2. */
export function pkcs12Key({ hash, id, password, salt, iterations, size }: Pkcs12KeyOptions): Buffer {
  const block = hash === 'sha384' || hash === 'sha512' ? 128 : 64;
  const text = Buffer.from(`${password}\0`, 'utf16le').swap16();
  const diversifier = Buffer.alloc(block, id);
  const input = Buffer.concat([filled(salt, block), filled(text, block)]);
  const pieces: Buffer[] = [];
  for (let length = 0; length < size; length += pieces.at(-1)!.length) {
    let digest = createHash(hash).update(diversifier).update(input).digest();
    for (let round = 1; round < iterations; round++) digest = createHash(hash).update(digest).digest();
    pieces.push(digest);
    addToEach(input, Buffer.alloc(block, digest));
  }
  return Buffer.concat(pieces).subarray(0, size);
}

/** Repeated up to a multiple of the block. */
function filled(bytes: Buffer, block: number): Buffer {
  if (bytes.length === 0) return bytes;
  return Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
}

/** Adds the number, and one, to each block of the input, modulo its size. */
function addToEach(input: Buffer, number: Buffer): void {
  for (let start = 0; start < input.length; start += number.length) {
    let carry = 1;
    for (let at = number.length - 1; at >= 0; at--) {
      carry += input[start + at]! + number[at]!;
      input[start + at] = carry & 0xff;
      carry >>= 8;
    }
  }
}
