import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Contender, contest, Meter } from '../src/index.ts';
import { listenerOf, peakBytes } from '../src/processes/process-usage.ts';

const folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const node = (script: string): string[] => [process.execPath, '-e', script];
/** Keeps a core busy for that much of its time. */
const busy = (milliseconds: number) =>
  `while (process.cpuUsage().user + process.cpuUsage().system < ${milliseconds * 1000});`;

describe('a meter', () => {
  it('counts the CPU time of children that have ended, also of their children', async () => {
    const meter = new Meter();
    await meter.run('client', node(busy(300)));
    await meter.run('client', ['sh', '-c', '"$0" -e "$1"; true', process.execPath, busy(200)]);
    const seconds = meter.usage().get('client')?.cpuSeconds ?? 0;
    expect(seconds).toBeGreaterThanOrEqual(0.48);
    expect(seconds).toBeLessThan(1.5);
  });

  it('knows the most memory that a child has had, although it gave it back', async () => {
    const meter = new Meter();
    await meter.run('client', node('Buffer.alloc(150e6, 1); setTimeout(() => {}, 100)'));
    expect(meter.usage().get('client')?.peakBytes).toBeGreaterThan(150e6);
  });

  it('counts of another process what it takes while it is watched', async () => {
    const meter = new Meter();
    meter.watch('broker', process.pid);
    const start = process.cpuUsage();
    while (process.cpuUsage(start).user + process.cpuUsage(start).system < 200_000);
    const { cpuSeconds = 0, peakBytes: peak = 0 } = meter.usage().get('broker') ?? {};
    expect(cpuSeconds).toBeGreaterThanOrEqual(0.17);
    expect(cpuSeconds).toBeLessThan(2);
    expect(peak).toBeGreaterThan(20e6);
    expect(peak).toBeLessThanOrEqual(peakBytes(process.pid) ?? 0);
  });

  it('counts nothing that comes after it was stopped', () => {
    const meter = new Meter();
    meter.watch('broker', process.pid);
    meter.stop();
    const before = meter.usage().get('broker')?.cpuSeconds;
    const start = process.cpuUsage();
    while (process.cpuUsage(start).user + process.cpuUsage(start).system < 100_000);
    expect(meter.usage().get('broker')?.cpuSeconds).toBe(before);
  });

  it('gives what a child printed, and fails with what it said where it fails', async () => {
    const meter = new Meter();
    expect(await meter.run('client', ['sh', '-c', 'echo "$WORD"'], { env: { WORD: 'result' } })).toBe('result\n');
    await expect(meter.run('client', ['sh', '-c', 'echo no topic >&2; exit 3'])).rejects.toThrow(
      /client ended with code 3: sh -c .*\nno topic/,
    );
    await expect(meter.run('client', ['no-such-program'])).rejects.toThrow(/ended with code 127/);
  });

  it('ends a child that takes too long, with all that it started', async () => {
    const meter = new Meter();
    await expect(meter.run('client', ['sh', '-c', 'sleep 60; true'], { timeoutMs: 200 })).rejects.toThrow(
      /did not end within 0.2 s/,
    );
  });

  it('finds the process that listens on a port', async () => {
    const { createServer } = await import('node:net');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    expect(listenerOf(port)).toBe(process.pid);
    await new Promise((resolve) => server.close(resolve));
    expect(() => listenerOf(port)).toThrow(`listens on port ${port}`);
  });
});

/** Notes what happens, and does that many records in a second. */
function contender(name: string, rate: number, order: string[]): Contender<string> {
  return {
    prepare: async ({ records }) => `${name} ${records}`,
    work: async (target, meter, { records }) => {
      order.push(target);
      await meter.run('client', ['true']);
      return { records, seconds: records / rate };
    },
    check: async (target, { records }) => {
      if (!target.endsWith(` ${records}`)) throw new Error('wrong');
    },
  };
}

describe('a contest', () => {
  it('runs the sides in turn, after a short run of each, and compares neighbours', async () => {
    const order: string[] = [];
    const scenario = contest({
      name: 'copying',
      ours: contender('ours', 300, order),
      peer: contender('peer', 100, order),
      records: 1000,
      goals: [
        { measure: 'rate', of: 'ratio', atLeast: 2 },
        { measure: 'rate', of: 'ours', atLeast: 301 },
        { measure: 'client memory', of: 'ours', atMost: 1000 },
      ],
    });
    const result = await scenario.run({ quick: false, runs: 2 });
    expect(order).toEqual(['ours 100', 'peer 100', 'ours 1000', 'peer 1000', 'ours 1000', 'peer 1000']);
    expect(result.ratio).toEqual({ min: 3, median: 3, max: 3 });
    expect(result).toMatchObject({ scenario: 'copying', ours: { rate: 300 }, peer: { rate: 100 }, ok: false });
    expect(result.goals.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(Object.keys(result.measures)).toEqual(['rate', 'client cpu', 'client memory']);
  });

  it('warms up as long as it is told to, and ends what its runs have shared, also after a failure', async () => {
    const order: string[] = [];
    const ours = { ...contender('ours', 10, order), close: async () => void order.push('closed') };
    await contest({ name: 'warm', ours, records: 100, warmUp: 70 }).run({ quick: false, runs: 1 });
    expect(order).toEqual(['ours 70', 'ours 100', 'closed']);
    const broken = { ...ours, check: () => Promise.reject(new Error('wrong')) };
    await expect(contest({ name: 'broken', ours: broken, records: 100 }).run({ quick: false })).rejects.toThrow(
      'wrong',
    );
    expect(order.at(-1)).toBe('closed');
  });

  it('shows what a part of the time went into, with no ratio where the peer does not say', async () => {
    const ours = contender('ours', 10, []);
    const telling: Contender<string> = {
      ...ours,
      work: async (...parameters) => ({ ...(await ours.work(...parameters)), shares: { commits: 25 } }),
    };
    const scenario = contest({ name: 'parts', ours: telling, peer: contender('peer', 10, []), records: 1000 });
    const { measures } = await scenario.run({ quick: false, runs: 1 });
    expect(measures['commits share']).toMatchObject({
      unit: '% of the time',
      ours: { median: 25 },
      peer: null,
      ratio: null,
    });
  });

  it('has no ratio without a peer, and does less in the short form', async () => {
    const order: string[] = [];
    const scenario = contest({ name: 'alone', ours: contender('ours', 10, order), records: 1000 });
    const result = await scenario.run({ quick: true });
    expect(order).toEqual(['ours 100', 'ours 200']);
    expect(result).toMatchObject({ peer: null, ratio: null, ok: true });
  });

  it('fails where a result is wrong, however fast it was', async () => {
    const wrong: Contender = {
      ...contender('ours', 1e9, []),
      check: async () => {
        throw new Error('999 records instead of 1000');
      },
    };
    await expect(contest({ name: 'wrong', ours: wrong, records: 1000 }).run({ quick: true })).rejects.toThrow(
      '999 records instead of 1000',
    );
  });

  it('misses a goal of something that was not measured', async () => {
    const goals = [{ measure: 'broker cpu', of: 'ours', atMost: 1 }] as const;
    const scenario = contest({ name: 'alone', ours: contender('ours', 10, []), records: 10, goals });
    expect((await scenario.run({ quick: true })).ok).toBe(false);
  });
});
