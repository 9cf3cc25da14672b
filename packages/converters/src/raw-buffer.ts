/** Methods that every `Buffer` has and that its types do not name: what `toString` and `write` call in the end. */
interface RawBuffer {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
  utf8Write(text: string, position: number, length: number): number;
  latin1Write(text: string, position: number, length: number): number;
}

const raw = Buffer.prototype as unknown as RawBuffer;

/** One character per byte; works on any `Uint8Array`. */
export function latin1Slice(bytes: Uint8Array, start: number, end: number): string {
  return raw.latin1Slice.call(bytes, start, end);
}

/** UTF-8 with U+FFFD for what is none; works on any `Uint8Array`. */
export function utf8Slice(bytes: Uint8Array, start: number, end: number): string {
  return raw.utf8Slice.call(bytes, start, end);
}

/** Writes UTF-8 and gives the number of bytes. */
export function utf8Write(buffer: Buffer, text: string, position: number): number {
  return (buffer as unknown as RawBuffer).utf8Write(text, position, buffer.length - position);
}

/** Writes one byte per character. */
export function latin1Write(buffer: Buffer, text: string, position: number): number {
  return (buffer as unknown as RawBuffer).latin1Write(text, position, buffer.length - position);
}
