const blockSize = 8;
const rotations = [1, 2, 3, 5];
/** Digits of pi, RFC 2268. */
const table = Buffer.from(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32' +
    'bd8f40eb86b77b0bf09521225c6b4e8254d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed708e8eade8052eef784aa72ac354d6a2a' +
    '961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2e' +
    'c5f3db47e5a59c770aa62068fe7fc1ad',
  'hex',
);

/**
 * Decrypts RC2 in CBC mode. Java hid the certificates of PKCS12 stores with it up to version 8, and OpenSSL 3, which Node
 * is built with, has it no more.
 */
export function decryptRc2(key: Buffer, iv: Buffer, encrypted: Buffer): Buffer {
  if (encrypted.length === 0 || encrypted.length % blockSize !== 0) throw new RangeError('not whole blocks');
  const schedule = expand(key);
  const plain = Buffer.alloc(encrypted.length);
  let before = iv;
  for (let start = 0; start < encrypted.length; start += blockSize) {
    const block = encrypted.subarray(start, start + blockSize);
    decryptBlock(schedule, block).forEach((word, index) => {
      plain.writeUInt16LE(word ^ before.readUInt16LE(2 * index), start + 2 * index);
    });
    before = block;
  }
  const padding = plain.at(-1)!;
  const tail = plain.subarray(-padding);
  if (padding < 1 || padding > blockSize || tail.some((byte) => byte !== padding)) throw new RangeError('bad padding');
  return plain.subarray(0, -padding);
}

function decryptBlock(schedule: Buffer, block: Buffer): Uint16Array {
  const words = Uint16Array.from(rotations, (_, index) => block.readUInt16LE(2 * index));
  const key = (index: number): number => schedule.readUInt16LE(2 * index);
  const word = (index: number): number => words[index & 3]!;
  for (let round = 15; round >= 0; round--) {
    for (let at = 3; at >= 0; at--) {
      const rotation = rotations[at]!;
      const rotated = (word(at) >>> rotation) | (word(at) << (16 - rotation));
      const mixed = (word(at - 1) & word(at - 2)) + (~word(at - 1) & word(at - 3));
      words[at] = rotated - key(4 * round + at) - mixed;
    }
    if (round !== 11 && round !== 5) continue;
    for (let at = 3; at >= 0; at--) words[at] = word(at) - key(word(at - 1) & 63);
  }
  return words;
}

function expand(key: Buffer): Buffer {
  const schedule = Buffer.alloc(128, key);
  for (let at = key.length; at < 128; at++) {
    schedule[at] = table[(schedule[at - 1]! + schedule[at - key.length]!) & 0xff]!;
  }
  const last = 128 - key.length;
  schedule[last] = table[schedule[last]!]!;
  for (let at = last - 1; at >= 0; at--) schedule[at] = table[schedule[at + 1]! ^ schedule[at + key.length]!]!;
  return schedule;
}
