import { type BigIntStats, statSync } from 'node:fs';

/**
 * What stays the same however a file is renamed, and is never another file's: a file system gives the inode of a deleted
 * file to the next one, so the time of birth belongs to it. The inode alone where no time of birth is known.
 */
export function identityOf({ ino, birthtimeNs }: BigIntStats): string {
  return birthtimeNs > 0n && hasBirthTimes() ? `${ino}-${birthtimeNs}` : String(ino);
}

/** Whether an identity is an inode alone, as earlier versions stored it, and that of the file. */
export function isInodeOf(identity: string, file: string): boolean {
  return file.startsWith(`${identity}-`);
}

let known: boolean | undefined;

/**
 * Without `statx`, Node gives the time of the last change for that of birth. A file may truly have both equal, so a file
 * system that stores no times of birth is asked.
 */
function hasBirthTimes(): boolean {
  if (known === undefined) {
    const stats = statSync('/proc', { bigint: true, throwIfNoEntry: false });
    known = stats === undefined || stats.birthtimeNs !== stats.ctimeNs;
  }
  return known;
}
