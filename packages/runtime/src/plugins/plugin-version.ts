/** Which versions of a plugin a configuration accepts. */
export interface VersionRange {
  /** With brackets, as Maven writes it. */
  readonly text: string;
  includes(version: string): boolean;
}

interface Bound {
  /** Empty: there is no bound. */
  readonly version: string;
  readonly inclusive: boolean;
}

const parts = /^v?(\d+(?:\.\d+)*)(?:[-.]?([^+]*))?(?:\+.*)?$/;
const bracketed = /^([[(])([^,[\]()]*)(?:(,)([^,[\]()]*))?([\])])$/;

/**
 * Reads `connector.plugin.version` and its like: `1.2` is that version alone, `[1.0,2.0)` and its unions are Maven's
 * ranges. `undefined`, an empty text and `latest` accept any version.
 *
 * @returns undefined when the text is no range.
 */
export function parseVersionRange(text: string | undefined | null): VersionRange | undefined {
  const wanted = text?.trim() ?? '';
  if (wanted === '' || wanted.toLowerCase() === 'latest') return { text: '(,)', includes: () => true };
  if (!/^[[(]/.test(wanted)) {
    if (/[[\](),\s]/.test(wanted)) return undefined;
    return { text: `[${wanted}]`, includes: (version) => compareVersions(version, wanted) === 0 };
  }
  const ranges: Pick<VersionRange, 'includes'>[] = [];
  for (const one of wanted.split(/(?<=[\])])\s*,\s*/)) {
    const range = parseOne(one.trim());
    if (range === undefined) return undefined;
    ranges.push(range);
  }
  return { text: wanted, includes: (version) => ranges.some((range) => range.includes(version)) };
}

/** Below 0 when `a` is older than `b`. A version with a suffix comes before the one without it: `1.0-rc.1`, `1.0`. */
export function compareVersions(a: string, b: string): number {
  const [numbersA, suffixA] = split(a);
  const [numbersB, suffixB] = split(b);
  for (let index = 0; index < Math.max(numbersA.length, numbersB.length); index++) {
    const difference = (numbersA[index] ?? 0) - (numbersB[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (suffixA === '' || suffixB === '') return Number(suffixA === '') - Number(suffixB === '');
  return compareSuffixes(suffixA.split(/[.-]/), suffixB.split(/[.-]/));
}

function parseOne(text: string): Pick<VersionRange, 'includes'> | undefined {
  const [, open, from = '', comma, to = '', close] = bracketed.exec(text) ?? [];
  if (open === undefined) return undefined;
  const lower: Bound = { version: from.trim(), inclusive: open === '[' };
  if (comma === undefined) {
    if (!lower.inclusive || close !== ']' || lower.version === '') return undefined;
    return { includes: (version) => compareVersions(version, lower.version) === 0 };
  }
  const upper: Bound = { version: to.trim(), inclusive: close === ']' };
  return { includes: (version) => isAbove(version, lower) && isBelow(version, upper) };
}

function isAbove(version: string, bound: Bound): boolean {
  if (bound.version === '') return true;
  const difference = compareVersions(version, bound.version);
  return difference > 0 || (bound.inclusive && difference === 0);
}

function isBelow(version: string, bound: Bound): boolean {
  if (bound.version === '') return true;
  const difference = compareVersions(version, bound.version);
  return difference < 0 || (bound.inclusive && difference === 0);
}

function split(version: string): readonly [numbers: readonly number[], suffix: string] {
  const [, numbers, suffix = ''] = parts.exec(version.trim()) ?? [];
  return numbers === undefined ? [[], version.toLowerCase()] : [numbers.split('.').map(Number), suffix.toLowerCase()];
}

/** As semantic versions have it: numbers by size and before words, the longer one later. */
function compareSuffixes(a: readonly string[], b: readonly string[]): number {
  for (let index = 0; ; index++) {
    const [one, other] = [a[index], b[index]];
    if (one === undefined || other === undefined) return a.length - b.length;
    if (one === other) continue;
    const [isNumber, otherIsNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (isNumber && otherIsNumber && Number(one) !== Number(other)) return Number(one) - Number(other);
    if (isNumber !== otherIsNumber) return isNumber ? -1 : 1;
    return one < other ? -1 : 1;
  }
}
