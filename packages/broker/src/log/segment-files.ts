import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { segmentName } from './segment.ts';

/** Base offsets of the segments in a directory, in order. */
export function findSegments(directory: string): number[] {
  return readdirSync(directory)
    .map((name) => /^(\d{20})\.log$/.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((one, other) => one - other);
}

/** A rewritten segment that is to stand for those with base offsets from `first` to `last`. */
export function swapPath(directory: string, first: number, last: number): string {
  return join(directory, `${segmentName(first)}-${segmentName(last)}.swap`);
}

/**
 * Completes exchanges of segments: once there is a `.swap` file, it counts; what it stands for is removed. What was not
 * finished before that is dropped.
 */
export function finishSwaps(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (/\.(?:tmp|cleaned)$/.test(name)) rmSync(join(directory, name), { force: true });
    const [, first, last] = /^(\d{20})-(\d{20})\.swap$/.exec(name) ?? [];
    if (first === undefined || last === undefined) continue;
    for (const base of findSegments(directory)) {
      if (base < Number(first) || base > Number(last)) continue;
      rmSync(join(directory, `${segmentName(base)}.summary.json`), { force: true });
      if (base !== Number(first)) rmSync(join(directory, `${segmentName(base)}.log`), { force: true });
    }
    renameSync(join(directory, name), join(directory, `${first}.log`));
  }
}
