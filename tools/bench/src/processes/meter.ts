import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { cpuSeconds, descendantsOf, forgetPeak, peakBytes } from './process-usage.ts';

export interface Usage {
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Then the child is killed and its run fails. Default: 3 minutes. */
  readonly timeoutMs?: number;
}

/** The kernel keeps the peak; only what comes between the last look and the end of a process is missed. */
const peakIntervalMs = 20;
/** The shell's `times` says what its ended children took, themselves and all that they waited for. */
const reportingShell = '"$@"; code=$?; times >&3; exit $code';

/** Counts what processes take in one run: children from their start to their end, others while the run lasts. */
export class Meter {
  readonly #children: { readonly name: string; readonly usage: Usage }[] = [];
  readonly #others: { readonly name: string; readonly pid: number; readonly before: number }[] = [];
  #stopped: ReadonlyMap<string, Usage> | undefined;

  /** Counts a process that goes on running, such as a broker, from now on. */
  watch(name: string, pid: number): void {
    forgetPeak(pid);
    this.#others.push({ name, pid, before: cpuSeconds(pid) });
  }

  /** Runs a program to its end and gives what it printed. */
  async run(
    name: string,
    command: readonly string[],
    { env, timeoutMs = 180_000 }: ChildOptions = {},
  ): Promise<string> {
    const child = spawn('sh', ['-c', reportingShell, 'sh', ...command], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const pid = child.pid;
    if (pid === undefined) throw (await once(child, 'error'))[0];
    let peak = 0;
    const watching = setInterval(() => {
      for (const descendant of descendantsOf(pid)) peak = Math.max(peak, peakBytes(descendant) ?? 0);
    }, peakIntervalMs);
    let late = false;
    const deadline = setTimeout(() => {
      late = true;
      for (const member of [pid, ...descendantsOf(pid)]) end(member);
    }, timeoutMs);
    try {
      const [output, errors, times, [code]] = await Promise.all([
        text(child.stdout as Readable),
        text(child.stderr as Readable),
        text(child.stdio[3] as Readable),
        once(child, 'close') as Promise<[number | null]>,
      ]);
      if (late) throw new Error(`${name} did not end within ${timeoutMs / 1000} s: ${command.join(' ')}`);
      if (code !== 0) throw new Error(`${name} ended with code ${code}: ${command.join(' ')}\n${errors || output}`);
      this.#children.push({ name, usage: { cpuSeconds: childSeconds(times), peakBytes: peak } });
      return output;
    } finally {
      clearInterval(watching);
      clearTimeout(deadline);
    }
  }

  /** What is taken from now on does not count. */
  stop(): void {
    this.#stopped ??= this.usage();
  }

  /** What was taken until now, by name; processes of the same name count together, and the largest peak of them. */
  usage(): ReadonlyMap<string, Usage> {
    if (this.#stopped !== undefined) return this.#stopped;
    const total = new Map<string, Usage>();
    const others = this.#others.map(({ name, pid, before }) => ({
      name,
      usage: { cpuSeconds: cpuSeconds(pid) - before, peakBytes: peakBytes(pid) ?? 0 },
    }));
    for (const { name, usage } of [...this.#children, ...others]) {
      const known = total.get(name) ?? { cpuSeconds: 0, peakBytes: 0 };
      total.set(name, {
        cpuSeconds: known.cpuSeconds + usage.cpuSeconds,
        peakBytes: Math.max(known.peakBytes, usage.peakBytes),
      });
    }
    return total;
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** The second line of `times`, user and system time of the children: `0m1.230000s 0m0.450000s`. */
function childSeconds(times: string): number {
  const parts = [...(times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  if (parts.length !== 2) throw new Error(`The shell's times cannot be read: ${JSON.stringify(times)}`);
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}
