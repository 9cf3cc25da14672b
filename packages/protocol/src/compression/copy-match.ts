/**
 * Repeats `length` bytes from `distance` bytes back, as LZ77 does: what is copied may overlap what is written. Short ones
 * are faster byte by byte than through a native call.
 */
export function copyMatch(buffer: Uint8Array, position: number, distance: number, length: number): number {
  let from = position - distance;
  let at = position;
  const end = position + length;
  if (length > 48 && distance >= length) {
    buffer.copyWithin(at, from, from + length);
    return end;
  }
  while (at < end) buffer[at++] = buffer[from++]!;
  return at;
}
