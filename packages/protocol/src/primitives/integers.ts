/** Reads a 64-bit integer as a number; beyond ±2⁵³ it is rounded, so check it with `Number.isSafeInteger`. */
export function readInt64(buffer: Uint8Array, position: number): number {
  const high =
    (buffer[position]! << 24) | (buffer[position + 1]! << 16) | (buffer[position + 2]! << 8) | buffer[position + 3]!;
  const low =
    (buffer[position + 4]! << 24) |
    (buffer[position + 5]! << 16) |
    (buffer[position + 6]! << 8) |
    buffer[position + 7]!;
  return high * 0x100000000 + (low >>> 0);
}

/** Writes a safe integer as a 64-bit integer. */
export function writeInt64(buffer: Uint8Array, position: number, value: number): void {
  writeInt32(buffer, position, Math.floor(value / 0x100000000));
  writeInt32(buffer, position + 4, value >>> 0);
}

export function readInt32(buffer: Uint8Array, position: number): number {
  return (
    (buffer[position]! << 24) | (buffer[position + 1]! << 16) | (buffer[position + 2]! << 8) | buffer[position + 3]!
  );
}

export function writeInt32(buffer: Uint8Array, position: number, value: number): void {
  buffer[position] = value >>> 24;
  buffer[position + 1] = value >>> 16;
  buffer[position + 2] = value >>> 8;
  buffer[position + 3] = value;
}

export function readInt16(buffer: Uint8Array, position: number): number {
  return ((buffer[position]! << 24) >> 16) | buffer[position + 1]!;
}

export function writeInt16(buffer: Uint8Array, position: number, value: number): void {
  buffer[position] = value >>> 8;
  buffer[position + 1] = value;
}
