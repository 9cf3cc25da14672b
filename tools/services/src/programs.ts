import { accessSync, constants, existsSync, globSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ServiceUnavailableError } from './errors.ts';
import { withLock } from './lock.ts';
import { progress } from './progress.ts';
import { runCommand } from './run-command.ts';

/** A program that comes from the system and not from this package's cache. */
export interface Program {
  readonly name: string;
  /** The Debian and Ubuntu package. `installPrograms` installs it on the spot when we are root. */
  readonly apt: string;
  readonly brew: string;
  /** More directories to look in; patterns are allowed, the last match wins. */
  readonly directories?: readonly string[];
}

/** Servers are often there, and these are often not on the PATH of anybody but root. */
const SERVER_DIRECTORIES = ['/usr/local/sbin', '/usr/sbin', '/opt/homebrew/sbin'];

export const isRoot = (): boolean => process.getuid?.() === 0;

export function findProgram({ name, directories = [] }: Pick<Program, 'name' | 'directories'>): string | undefined {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '');
  const special = directories.flatMap((pattern) => globSync(pattern).sort(byVersion).reverse());
  return [...special, ...path, ...SERVER_DIRECTORIES].map((directory) => join(directory, name)).find(isExecutable);
}

/** The path of the program. */
export function requireProgram(program: Program): string {
  const found = findProgram(program);
  if (found !== undefined) return found;
  const { name, apt, brew } = program;
  throw new ServiceUnavailableError(
    `the program ${name} was not found; install it with "apt-get install ${apt}" (Debian, Ubuntu) or "brew install ${brew}" (macOS), or put it on the PATH`,
  );
}

/** Installs the missing programs through apt where that is possible (root on Debian or Ubuntu), and otherwise says what is missing. */
export async function installPrograms(...programs: readonly Program[]): Promise<void> {
  const isMissing = (program: Program) => findProgram(program) === undefined;
  if (programs.some(isMissing) && isRoot() && isExecutable('/usr/bin/apt-get')) {
    await withLock('install', async () => {
      const packages = [...new Set(programs.filter(isMissing).map(({ apt }) => apt))];
      if (packages.length > 0) await aptInstall(packages);
    });
  }
  programs.forEach(requireProgram);
}

/** Starts no daemon: `policy-rc.d` forbids it, and PostgreSQL's package is told not to create a cluster. */
async function aptInstall(packages: readonly string[]): Promise<void> {
  progress(`apt-get install ${packages.join(' ')}`);
  const policy = '/usr/sbin/policy-rc.d';
  const createdPolicy = !existsSync(policy);
  if (createdPolicy) await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await mkdir('/etc/postgresql-common/createcluster.d', { recursive: true });
    await writeFile('/etc/postgresql-common/createcluster.d/none.conf', 'create_main_cluster = false\n');
    const apt = (...args: string[]) =>
      runCommand('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
        env: { DEBIAN_FRONTEND: 'noninteractive' },
      });
    const install = () => apt('install', '-y', '--no-install-recommends', ...packages);
    await install().catch(async () => {
      await apt('update');
      await install();
    });
  } finally {
    if (createdPolicy) await rm(policy, { force: true });
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

const byVersion = (left: string, right: string): number => left.localeCompare(right, 'en', { numeric: true });
