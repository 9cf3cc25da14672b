/** A set of code points; `source` is a character class of JavaScript with the `v` flag, always in brackets. */
export interface CharSet {
  readonly source: string;
}

export interface CaseMode {
  /** `(?i)`: letters of ASCII match in both cases. */
  readonly ascii: boolean;
  /** `(?iu)`: all letters do. */
  readonly unicode: boolean;
}

/** What `.` leaves out, and what `^` and `$` look for. */
export const lineTerminators = '\\n\\r\\u0085\\u2028\\u2029';

export const anyCharacter: CharSet = { source: '[^]' };

export function charSet(classBody: string): CharSet {
  return { source: `[${classBody}]` };
}

export function literalSet(codePoint: number, mode: CaseMode): CharSet {
  return rangeSet(codePoint, codePoint, mode);
}

export function rangeSet(first: number, last: number, mode: CaseMode): CharSet {
  const range = first === last ? escapeInClass(first) : `${escapeInClass(first)}-${escapeInClass(last)}`;
  if (mode.ascii && !mode.unicode) {
    return charSet(range + otherCase(first, last, 0x41, 0x20) + otherCase(first, last, 0x61, -0x20));
  }
  return charSet(range);
}

export function unionOf(sets: readonly CharSet[]): CharSet {
  return sets.length === 1 ? sets[0]! : charSet(sets.map((set) => set.source).join(''));
}

export function intersectionOf(left: CharSet, right: CharSet): CharSet {
  return charSet(`${left.source}&&${right.source}`);
}

export function negationOf(set: CharSet): CharSet {
  return set.source.startsWith('[^') && set.source !== '[^]'
    ? charSet(set.source.slice(2, -1))
    : { source: `[^${set.source}]` };
}

function escapeInClass(codePoint: number): string {
  const isPlain =
    (codePoint >= 0x30 && codePoint <= 0x39) ||
    (codePoint >= 0x41 && codePoint <= 0x5a) ||
    (codePoint >= 0x61 && codePoint <= 0x7a);
  return isPlain ? String.fromCharCode(codePoint) : `\\u{${codePoint.toString(16)}}`;
}

/** The part of a range that lies in the 26 letters from `base` on, in the other case. */
function otherCase(first: number, last: number, base: number, shift: number): string {
  const low = Math.max(first, base);
  const high = Math.min(last, base + 25);
  return low > high ? '' : `${escapeInClass(low + shift)}-${escapeInClass(high + shift)}`;
}
