import { badRequest } from './herder-errors.ts';

/** Whether versions are in a range, as Maven writes them: `1.2` (that alone), `[1.0,2.0)`, `(,3]`. */
export interface VersionRange {
  /** With brackets. */
  readonly text: string;
  includes(version: string): boolean;
}

/** @returns `undefined` for the newest version. @throws MillraceError for what is no range. */
export function parseVersionRange(text: string | undefined): VersionRange | undefined {
  const wanted = text?.trim() ?? '';
  if (wanted === '' || wanted === 'latest') return undefined;
  if (/^[\w.+-]+$/.test(wanted)) return range(`[${wanted},${wanted}]`, '[', wanted, wanted, ']');
  const [, open = '', low = '', comma, high = '', close = ''] =
    /^([[(])\s*([\w.+-]*)\s*(?:(,)\s*([\w.+-]*)\s*)?([\])])$/.exec(wanted) ?? [];
  if (open === '' || (comma === undefined && low === '')) throw badRequest(`Invalid version specification: ${text}`);
  return range(wanted, open, low, comma === undefined ? low : high, close);
}

function range(text: string, open: string, low: string, high: string, close: string): VersionRange {
  const isAbove = (version: string): boolean => {
    const order = low === '' ? 1 : compareVersions(version, low);
    return order > 0 || (order === 0 && open === '[');
  };
  const isBelow = (version: string): boolean => {
    const order = high === '' ? -1 : compareVersions(version, high);
    return order < 0 || (order === 0 && close === ']');
  };
  return { text, includes: (version) => isAbove(version) && isBelow(version) };
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[.+-]/)) as [string[], string[]];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [one, other] = [left[index] ?? '0', right[index] ?? '0'];
    const order = one.localeCompare(other, 'en', { numeric: true });
    if (order !== 0) return order;
  }
  return 0;
}
