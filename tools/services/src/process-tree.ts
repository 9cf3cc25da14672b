import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly isZombie: boolean;
  /** Differs when a process id is used again. */
  readonly started: string;
}

/** The live members of the process group `root`, the descendants of `root` in any group, and those of `known` that still live. */
export function processFamily(root: number, known: ReadonlySet<string> = new Set()): ProcessEntry[] {
  const table = processTable();
  const members = new Set([root]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { pid, parent, group } of table) {
      if (!members.has(pid) && (group === root || members.has(parent))) {
        members.add(pid);
        grown = true;
      }
    }
  }
  return table.filter((entry) => !entry.isZombie && (members.has(entry.pid) || known.has(entryKey(entry))));
}

export const entryKey = ({ pid, started }: ProcessEntry): string => `${pid} ${started}`;

/** Identifies a live process across the reuse of process ids; `undefined` when there is none. */
export function processIdentity(pid: number): string | undefined {
  return processTable().find((entry) => entry.pid === pid && !entry.isZombie)?.started;
}

function processTable(): ProcessEntry[] {
  return existsSync('/proc/self/stat') ? linuxTable() : portableTable();
}

function linuxTable(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
        // The command's name stands in parentheses and may contain anything.
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const [state = '', parent, group] = fields;
        const isZombie = state === 'Z' || state === 'X';
        return [
          { pid: Number(name), parent: Number(parent), group: Number(group), isZombie, started: fields[19] ?? '' },
        ];
      } catch {
        return [];
      }
    });
}

function portableTable(): ProcessEntry[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,state=,lstart='], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent, group, state = '', ...started] = line.trim().split(/\s+/);
      return {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        isZombie: state.startsWith('Z'),
        started: started.join('-'),
      };
    });
}
