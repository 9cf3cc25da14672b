import type { Buffer } from 'node:buffer';

/**
 * The number at the end of a text: `17`, `0000017`, `.....17`. It is looked for from the end because a line that was cut off
 * by a crash stands before the next one.
 *
 * @returns -1 where there is none
 */
export function numberAtEnd(buffer: Buffer, start: number, end: number): number {
  let number = 0;
  let place = 1;
  let index = end;
  while (index > start && place < 1e15) {
    const digit = (buffer[index - 1] ?? 0) - 48;
    if (digit < 0 || digit > 9) break;
    number += digit * place;
    place *= 10;
    index--;
  }
  return index === end ? -1 : number;
}
