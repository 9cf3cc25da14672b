/** Bytes that {@link writeUnsignedVarint} takes for that number. */
export function unsignedVarintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}

/** Bytes that {@link writeVarint} takes for that number. */
export function varintSize(value: number): number {
  return unsignedVarintSize(((value << 1) ^ (value >> 31)) >>> 0);
}

/** Writes 0 to 2³²-1 and returns the position behind it. The caller has made room for five bytes. */
export function writeUnsignedVarint(buffer: Uint8Array, position: number, value: number): number {
  let rest = value;
  let at = position;
  while (rest > 0x7f) {
    buffer[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  buffer[at++] = rest;
  return at;
}

/** Writes a 32-bit integer in zigzag form and returns the position behind it. The caller has made room for five bytes. */
export function writeVarint(buffer: Uint8Array, position: number, value: number): number {
  return writeUnsignedVarint(buffer, position, ((value << 1) ^ (value >> 31)) >>> 0);
}

/** Writes a safe integer in zigzag form and returns the position behind it. The caller has made room for ten bytes. */
export function writeVarlong(buffer: Uint8Array, position: number, value: number): number {
  if (value >= -0x40000000 && value <= 0x3fffffff) return writeVarint(buffer, position, value);
  const high = Math.floor(value / 0x100000000);
  const low = value >>> 0;
  const sign = high >> 31;
  let restHigh = (((high << 1) | (low >>> 31)) ^ sign) >>> 0;
  let restLow = ((low << 1) ^ sign) >>> 0;
  let at = position;
  while (restHigh !== 0 || restLow > 0x7f) {
    buffer[at++] = (restLow & 0x7f) | 0x80;
    restLow = ((restLow >>> 7) | (restHigh << 25)) >>> 0;
    restHigh >>>= 7;
  }
  buffer[at++] = restLow;
  return at;
}
