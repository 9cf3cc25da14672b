import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** User and system time of a live process, in steps of a clock tick (10 ms). */
export function cpuSeconds(pid: number): number {
  // The command's name stands in parentheses and may contain anything.
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** The most memory that a live process has had; `undefined` when it is gone. */
export function peakBytes(pid: number): number | undefined {
  try {
    const match = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return match === null ? undefined : Number(match[1]) * 1024;
  } catch {
    return undefined;
  }
}

/** The most memory is from now on that of now. Only for processes of the same user. */
export function forgetPeak(pid: number): void {
  const reset = '5';
  execFileSync('sh', ['-c', `echo ${reset} > /proc/${pid}/clear_refs`]);
}

/** The children of a process, in all generations. */
export function descendantsOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
    if (children === '') return [];
    return children.split(' ').flatMap((child) => [Number(child), ...descendantsOf(Number(child))]);
  } catch {
    return [];
  }
}

/** The process that listens on a TCP port of this machine. */
export function listenerOf(port: number): number {
  const hexPort = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const listening = '0A';
  const sockets = ['tcp', 'tcp6']
    .flatMap((table) => readFileSync(`/proc/net/${table}`, 'latin1').split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => local.endsWith(hexPort) && state === listening)
    .map((fields) => `socket:[${fields[9]}]`);
  const found = readdirSync('/proc').find((name) => /^\d+$/.test(name) && opens(name, sockets));
  if (found === undefined) throw new Error(`No process that can be looked into listens on port ${port}.`);
  return Number(found);
}

function opens(pid: string, sockets: readonly string[]): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return sockets.includes(readlinkSync(`/proc/${pid}/fd/${fd}`));
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}
