/** The first of the ten digits of each script in the basic plane, as Java 17 (Unicode 13) knows them. */
const zeros: readonly number[] = [
  0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50,
  0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
  0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
];

/** `Character.digit(unit, 10)`: the value of a decimal digit of any script, or -1. */
export function digitOf(codeUnit: number): number {
  if (codeUnit < 0x80) {
    return codeUnit >= 0x30 && codeUnit <= 0x39 ? codeUnit - 0x30 : -1;
  }
  for (const zero of zeros) {
    if (codeUnit < zero) {
      return -1;
    }
    if (codeUnit < zero + 10) {
      return codeUnit - zero;
    }
  }
  return -1;
}
