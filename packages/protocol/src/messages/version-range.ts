/** An inclusive range of versions: `"0-4"`, `"3+"`, `"2"` or `"none"` in a layout. */
export interface VersionRange {
  readonly first: number;
  readonly last: number;
}

export function parseVersionRange(text: string): VersionRange {
  if (text === 'none') return { first: 1, last: 0 };
  const match = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text);
  if (match === null) throw new RangeError(`"${text}" is not a version range`);
  const first = Number(match[1]);
  if (match[2] !== undefined) return { first, last: Number.POSITIVE_INFINITY };
  return { first, last: match[3] === undefined ? first : Number(match[3]) };
}

export function includesVersion(range: VersionRange, version: number): boolean {
  return version >= range.first && version <= range.last;
}
