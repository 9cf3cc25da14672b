const longMax = 2n ** 63n - 1n;
const longMin = -(2n ** 63n);

/** `(int) value`: cut towards zero, limited to the range of INT32, NaN is 0. */
export function doubleToInt(value: number): number {
  if (value >= 2147483647) {
    return 2147483647;
  }
  return value <= -2147483648 ? -2147483648 : value | 0;
}

/** `(long) value`: cut towards zero, limited to the range of INT64, NaN is 0. */
export function doubleToLong(value: number): bigint {
  if (value >= 2 ** 63) {
    return longMax;
  }
  if (value <= -(2 ** 63)) {
    return longMin;
  }
  return Number.isNaN(value) ? 0n : BigInt(Math.trunc(value));
}

/** `(short) value`: the low 16 bits of {@link doubleToInt}. */
export function doubleToShort(value: number): number {
  return intToShort(doubleToInt(value));
}

/** `(byte) value`: the low 8 bits of {@link doubleToInt}. */
export function doubleToByte(value: number): number {
  return intToByte(doubleToInt(value));
}

/** `(short) value` of an INT32. */
export function intToShort(value: number): number {
  return (value << 16) >> 16;
}

/** `(byte) value` of an INT32. */
export function intToByte(value: number): number {
  return (value << 24) >> 24;
}

/** The low 64 bits of an integer of any size, as a signed number. */
export function bigIntegerToLong(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

/** `(int) value` of an INT64: the low 32 bits. */
export function longToInt(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

/** `(short) value` of an INT64: the low 16 bits. */
export function longToShort(value: bigint): number {
  return Number(BigInt.asIntN(16, value));
}

/** `(byte) value` of an INT64: the low 8 bits. */
export function longToByte(value: bigint): number {
  return Number(BigInt.asIntN(8, value));
}

/** `(float) value` of an INT64, rounded once. */
export function longToFloat(value: bigint): number {
  if (value < 2n ** 53n && value > -(2n ** 53n)) {
    return Math.fround(Number(value));
  }
  // Fits a double, with the lowest bit standing for all that was cut off: far enough below the bits of a float.
  const cut = value >> 11n;
  const sticky = cut << 11n === value ? cut : cut | 1n;
  return Math.fround(Number(sticky)) * 2048;
}
