import { createRequire } from 'node:module';

/** Below this size the call into native code costs more than it saves. */
const nativeBytes = 2048;

type NativeCrc32c = (bytes: Uint8Array, initial?: number) => number;

/** `null` once it is known that the optional native package is not there. */
let native: NativeCrc32c | null | undefined;

/**
 * CRC-32C (Castagnoli) of `buffer[start, end)` as an unsigned number. Long ranges go to the optional package
 * `@node-rs/crc32` where it is installed.
 */
export function crc32c(buffer: Uint8Array, start = 0, end: number = buffer.length): number {
  if (end - start < nativeBytes) return crc32cInJavaScript(buffer, start, end);
  if (native === undefined) native = loadNative();
  return native === null ? crc32cInJavaScript(buffer, start, end) : native(buffer.subarray(start, end));
}

const polynomial = 0x82f63b78;
const slices = 16;
const table = makeTable();

/** Slicing by 16: four aligned 32-bit words and sixteen table look-ups at a time. */
export function crc32cInJavaScript(buffer: Uint8Array, start: number, end: number): number {
  const t = table;
  let crc = -1;
  let at = start;
  for (; at < end && ((buffer.byteOffset + at) & 3) !== 0; at++) crc = t[(crc ^ buffer[at]!) & 255]! ^ (crc >>> 8);
  if (littleEndian && end - at >= slices) {
    const words = new Int32Array(buffer.buffer, buffer.byteOffset + at, ((end - at) >>> 4) * 4);
    for (let word = 0; word < words.length; word += 4) {
      const a = words[word]! ^ crc;
      const b = words[word + 1]!;
      const c = words[word + 2]!;
      const d = words[word + 3]!;
      crc =
        t[0xf00 | (a & 255)]! ^
        t[0xe00 | ((a >>> 8) & 255)]! ^
        t[0xd00 | ((a >>> 16) & 255)]! ^
        t[0xc00 | (a >>> 24)]! ^
        t[0xb00 | (b & 255)]! ^
        t[0xa00 | ((b >>> 8) & 255)]! ^
        t[0x900 | ((b >>> 16) & 255)]! ^
        t[0x800 | (b >>> 24)]! ^
        t[0x700 | (c & 255)]! ^
        t[0x600 | ((c >>> 8) & 255)]! ^
        t[0x500 | ((c >>> 16) & 255)]! ^
        t[0x400 | (c >>> 24)]! ^
        t[0x300 | (d & 255)]! ^
        t[0x200 | ((d >>> 8) & 255)]! ^
        t[0x100 | ((d >>> 16) & 255)]! ^
        t[d >>> 24]!;
    }
    at += words.length * 4;
  }
  for (; at < end; at++) crc = t[(crc ^ buffer[at]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function makeTable(): Int32Array {
  const made = new Int32Array(256 * slices);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    made[byte] = crc;
  }
  for (let index = 256; index < made.length; index++) {
    const previous = made[index - 256]!;
    made[index] = (previous >>> 8) ^ made[previous & 255]!;
  }
  return made;
}

function loadNative(): NativeCrc32c | null {
  try {
    const loaded = createRequire(import.meta.url)('@node-rs/crc32') as { readonly crc32c: NativeCrc32c };
    return loaded.crc32c;
  } catch {
    return null;
  }
}
