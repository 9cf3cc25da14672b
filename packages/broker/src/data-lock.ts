import { readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrokerError } from './broker-error.ts';

interface Holder {
  readonly pid: number;
  /** When that process began, as far as the system tells: process ids are used again. */
  readonly began: string;
}

/** Directories that brokers of this process hold. */
const held = new Set<string>();

/**
 * Takes a data directory, until the function that is returned gives it back. A lock whose process was killed is taken over.
 * @throws BrokerError DATA_IN_USE
 */
export function lockData(directory: string): () => void {
  const real = realpathSync(directory);
  const path = join(real, 'broker.lock');
  const self: Holder = { pid: process.pid, began: beginningOf(process.pid) };
  if (held.has(real)) throw inUse(directory, process.pid);
  for (;;) {
    try {
      writeFileSync(path, JSON.stringify(self), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const text = readLock(path);
      const holder = parseHolder(text);
      if (
        holder !== undefined &&
        holder.pid !== process.pid &&
        beginningOf(holder.pid) === holder.began &&
        isAlive(holder.pid)
      ) {
        throw inUse(directory, holder.pid);
      }
      takeAway(path, text);
    }
  }
  held.add(real);
  return () => {
    if (!held.delete(real)) return;
    rmSync(path, { force: true });
  };
}

/** Removes a lock that nobody holds, unless somebody else has done so and taken it in the meantime. */
function takeAway(path: string, judged: string | undefined): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (readLock(aside) === judged) rmSync(aside, { force: true });
  else renameSync(aside, path);
}

function readLock(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function parseHolder(text: string | undefined): Holder | undefined {
  try {
    const { pid, began } = JSON.parse(text ?? '') as Partial<Holder>;
    return typeof pid === 'number' && typeof began === 'string' ? { pid, began } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** On Linux the start time of a process in ticks since boot, and the boot; elsewhere nothing. */
function beginningOf(pid: number): string {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${status.slice(status.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return '';
  }
}

function inUse(directory: string, pid: number): BrokerError {
  return new BrokerError('DATA_IN_USE', `the data directory ${directory} is in use by a broker with process id ${pid}`);
}
