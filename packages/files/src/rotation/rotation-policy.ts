/** When a file is full; `null` never by that measure. */
export interface RotationLimits {
  readonly maxRecords: number | null;
  /** Before compression. */
  readonly maxBytes: number | null;
  /** Milliseconds since the file was begun. */
  readonly maxAge: number | null;
}

/** What an open file has reached. */
export interface FileProgress {
  readonly records: number;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
}

/** Whether a file is to be closed and the next one begun. A file with no record never is. */
export function isFull({ maxRecords, maxBytes, maxAge }: RotationLimits, file: FileProgress, now: number): boolean {
  if (file.records === 0) return false;
  if (maxRecords !== null && file.records >= maxRecords) return true;
  if (maxBytes !== null && file.bytes >= maxBytes) return true;
  return maxAge !== null && now - file.openedAt >= maxAge;
}
