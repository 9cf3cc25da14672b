import { access, constants, glob, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type Logger, MillraceError } from '@millrace/api';
import { identityOf } from './file-source-identity.ts';

/** A file as a scan has found it. */
export interface FoundFile {
  readonly path: string;
  /** What `identityOf` says of it. */
  readonly inode: string;
  readonly size: number;
  /** Nanoseconds since 1970. */
  readonly modified: bigint;
  /** When it was last written or renamed, in milliseconds since 1970. */
  readonly touched: number;
  /** Whether the user asked for it; others are looked at only to find again what was read before. */
  readonly asked: boolean;
}

/** What the user asked for, by series; each oldest first. A series may be there without a file. */
export type Listing = ReadonlyMap<string, readonly FoundFile[]>;

const magic = /[*?[\]{}]/;
const filesAtOnce = 64;

/**
 * The path that a file had or will have when it is the one being written: without the number, the date and the `.gz`
 * that rotation adds. `app.log`, `app.log.2.gz`, `app-2026-01-02.log` and `app.log.20260102` are one series.
 */
export function seriesOf(path: string): string {
  const name = basename(path).replace(/\.gz$/i, '');
  const bare = name.replace(/(?<=.)\.\d{1,4}$/, '');
  return join(dirname(path), bare.replace(rotationDate, '$<extension>') || bare);
}

const rotationDate =
  /[-_.]?(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])(?:[-_.T]\d{2}(?:[-_.:]?\d{2}){0,2})?(?:\.\d{1,4})?(?<extension>(?:\.[a-z]\w*)?)$/i;

/**
 * Lists the files of all series that `owns` says yes to.
 *
 * @throws MillraceError when something that the user asked for cannot be read.
 */
export async function scan(
  patterns: readonly string[],
  exclude: readonly string[],
  owns: (series: string) => boolean,
  log: Logger,
): Promise<Listing> {
  const absolute = patterns.map((pattern) => resolve(pattern));
  const series = new Map<string, FoundFile[]>();
  for (const pattern of absolute) {
    await requireReadable(pattern);
    if (!magic.test(pattern) && owns(seriesOf(pattern))) series.set(seriesOf(pattern), []);
  }
  const { asked, links } = await find(absolute, exclude);
  for (const path of asked) {
    const name = seriesOf(path);
    if (!series.has(name) && owns(name)) series.set(name, []);
  }
  const paths = [...asked].filter((path) => series.has(seriesOf(path)));
  for (const directory of new Set([...series.keys()].map(dirname))) {
    for (const name of await namesIn(directory)) {
      const path = join(directory, name);
      if (!asked.has(path) && !links.has(path) && series.has(seriesOf(path))) paths.push(path);
    }
  }
  for (let start = 0; start < paths.length; start += filesAtOnce) {
    const some = paths.slice(start, start + filesAtOnce);
    for (const file of await Promise.all(some.map((path) => look(path, asked.has(path), absolute, log)))) {
      if (file !== undefined) series.get(seriesOf(file.path))?.push(file);
    }
  }
  for (const [name, files] of series) files.sort((left, right) => byAge(name, left, right));
  return series;
}

/** The names of all series that the user's patterns find. */
export async function listSeries(patterns: readonly string[], exclude: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  const absolute = patterns.map((pattern) => resolve(pattern));
  for (const pattern of absolute) if (!magic.test(pattern)) found.add(seriesOf(pattern));
  for (const path of (await find(absolute, exclude)).asked) found.add(seriesOf(path));
  return [...found].sort();
}

interface Matches {
  /** Paths that the user asked for. */
  readonly asked: Set<string>;
  /** Symbolic links to some of them, which would give every line twice. */
  readonly links: ReadonlySet<string>;
}

async function find(patterns: readonly string[], exclude: readonly string[]): Promise<Matches> {
  const asked = new Set<string>();
  const links = new Set<string>();
  const options = { exclude: exclude.map((pattern) => resolve(pattern)), withFileTypes: true } as const;
  for await (const entry of glob([...patterns], options)) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory() && !patterns.includes(path)) continue;
    asked.add(path);
    if (entry.isSymbolicLink()) links.add(path);
  }
  for (const path of links) {
    const target = await realpath(path).catch(() => path);
    if (target !== path && asked.has(target)) asked.delete(path);
    else links.delete(path);
  }
  return { asked, links };
}

/** How long to wait for the next scan: where there are many files, looking for them takes a tenth of the time at most. */
export function pauseAfterScan(interval: number, took: number): number {
  return Math.max(interval, took * 9);
}

/** The one that is being written comes last, whatever the clock says; rotated ones by their last change. */
function byAge(series: string, left: FoundFile, right: FoundFile): number {
  const written = Number(left.path === series) - Number(right.path === series);
  if (written !== 0) return written;
  if (left.modified !== right.modified) return left.modified < right.modified ? -1 : 1;
  return left.path < right.path ? -1 : 1;
}

async function look(
  path: string,
  asked: boolean,
  patterns: readonly string[],
  log: Logger,
): Promise<FoundFile | undefined> {
  try {
    const stats = await stat(path, { bigint: true });
    if (stats.isFile()) {
      return {
        path,
        asked,
        inode: identityOf(stats),
        size: Number(stats.size),
        modified: stats.mtimeNs,
        touched: Number(stats.ctimeMs),
      };
    }
    if (!patterns.includes(path)) return undefined;
    throw new MillraceError(
      `${path} cannot be read: it is no file; name files, or use a glob such as ${join(path, '*')}.`,
    );
  } catch (error) {
    // It is gone, or was renamed while we looked: the next scan sees.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (!asked && isClosedToUs(error)) {
      log.debug('Leaving out a file that nobody asked for and that cannot be read.', { path });
      return undefined;
    }
    throw MillraceError.isInstance(error) ? error : cannotRead(path, error);
  }
}

/** A glob says nothing about a directory that it may not look into, so we ask. */
async function requireReadable(pattern: string): Promise<void> {
  let directory = dirname(pattern);
  while (magic.test(directory)) directory = dirname(directory);
  try {
    await access(directory, constants.R_OK | constants.X_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw cannotRead(directory, error);
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cannotRead(directory, error);
  }
}

/** Whether it is the file that cannot be read, and not a fault of the machine. */
export function isClosedToUs(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** What the operating system says about a file, with the file. */
export function cannotRead(path: string, cause: unknown): MillraceError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason =
    code === 'EACCES' || code === 'EPERM'
      ? 'the worker has no permission; allow it to read the file and its directory'
      : code === 'EMFILE'
        ? 'too many files are open; raise the limit of the worker'
        : message;
  return new MillraceError(`${path} cannot be read: ${reason}.`, { cause });
}
