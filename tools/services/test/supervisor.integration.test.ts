import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { isListening } from '../src/ports.ts';
import { processFamily, processIdentity } from '../src/process-tree.ts';
import { startNestedRun } from './nested-run.ts';
import { eventually, portOf, temporaryDirectory } from './support.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const isLinux = process.platform === 'linux';

const identities = (pids: readonly number[]): string[] => pids.flatMap((pid) => processIdentity(pid) ?? []);

/** The processes that are still there when none should be, after a while. */
async function survivors(pids: readonly number[]): Promise<readonly string[]> {
  await eventually(() => {
    if (identities(pids).length > 0) throw new Error('some are left');
  }, 15_000).catch(() => undefined);
  return identities(pids);
}

const cleanup: (() => void)[] = [];
afterEach(() => {
  for (const action of cleanup.splice(0)) action();
});

function killLater(pid: number): void {
  cleanup.push(() => {
    for (const entry of processFamily(pid)) process.kill(entry.pid, 'SIGKILL');
  });
}

describe('a supervised process', () => {
  async function startFamily(): Promise<{ owner: number; supervisor: number; family: number[] }> {
    const directory = await temporaryDirectory();
    const file = join(directory, 'family.json');
    const command = [process.execPath, join(FIXTURES, 'family.ts'), file];
    const owner = spawn(process.execPath, [join(FIXTURES, 'owner.ts'), directory, ...command], { stdio: 'inherit' })
      .pid!;
    killLater(owner);
    const family = await eventually(async () => JSON.parse(await readFile(file, 'utf8')) as number[]);
    const supervisor = processFamily(owner).find(({ parent }) => parent === owner)!.pid;
    return { owner, supervisor, family };
  }

  test('dies with its owner, and so does everything it started, in whatever process group', async () => {
    const { owner, supervisor, family } = await startFamily();
    expect(identities([supervisor, ...family])).toHaveLength(4);
    process.kill(owner, 'SIGKILL');
    expect(await survivors([supervisor, ...family])).toEqual([]);
  });

  test('dies with a supervisor that is asked to end', async () => {
    const { supervisor, family } = await startFamily();
    process.kill(supervisor, 'SIGTERM');
    expect(await survivors([supervisor, ...family])).toEqual([]);
  });

  test.runIf(isLinux)('dies with a supervisor that is killed', async () => {
    const { supervisor, family } = await startFamily();
    const [main = 0, ...others] = family;
    cleanup.push(() => {
      for (const pid of others) process.kill(pid, 'SIGKILL');
    });
    process.kill(supervisor, 'SIGKILL');
    expect(await survivors([supervisor, main])).toEqual([]);
  });
});

describe('a test run', () => {
  async function startRun(): Promise<StartedRun> {
    const file = join(await temporaryDirectory(), 'addresses.json');
    const child = startNestedRun('hanging-run', { RUN_FILE: file });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
    const run = child.pid!;
    killLater(run);
    await eventually(() => expect(existsSync(file) || child.exitCode !== null).toBe(true), 90_000);
    if (!existsSync(file)) throw new Error(`the run ended early: ${output}`);
    const addresses = JSON.parse(await readFile(file, 'utf8')) as string[];
    const everything = processFamily(run).map(({ pid }) => pid);
    const data = (await readdir(tmpdir())).filter((name) => name.startsWith(`millrace-services-${run}-`));
    expect(data).toHaveLength(1);
    return { run, everything, ports: addresses.map(portOf), data: data.map((name) => join(tmpdir(), name)) };
  }

  async function whatIsLeft({ everything, ports, data }: StartedRun): Promise<unknown[]> {
    const processes = await survivors(everything);
    const listening = await Promise.all(ports.map(isListening));
    return [
      ...processes,
      ...ports.filter((_, index) => listening[index]),
      ...data.filter((directory) => existsSync(directory)),
    ];
  }

  test('that is killed with SIGKILL leaves no process and no data behind', async () => {
    const started = await startRun();
    // The run itself, two supervisors, two services and PostgreSQL's own processes at the least.
    expect(started.everything.length).toBeGreaterThan(7);
    process.kill(started.run, 'SIGKILL');
    expect(await whatIsLeft(started)).toEqual([]);
  });

  test('that is interrupted with Ctrl-C leaves no process and no data behind', async () => {
    const started = await startRun();
    process.kill(-started.run, 'SIGINT');
    expect(await whatIsLeft(started)).toEqual([]);
  });
});

interface StartedRun {
  readonly run: number;
  readonly everything: readonly number[];
  readonly ports: readonly number[];
  readonly data: readonly string[];
}
