import { afterEach, describe, expect, it, vi } from 'vitest';
import { run } from '../src/cli.ts';
import { measure, pair, type Result, table } from '../src/index.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A clock that work moves by itself. */
function clock() {
  let time = 0n;
  return {
    now: () => time,
    takes: (nanoseconds: bigint) => () => {
      time += nanoseconds;
      return time;
    },
  };
}

describe('a pair', () => {
  it('has the ratio of the plain time to ours, and is ok from its goal on', () => {
    const { now, takes } = clock();
    const slower = pair('slower', takes(200n), takes(100n), { goal: 0.5 });
    const result = measure(slower, { now });
    expect(result).toMatchObject({
      scenario: 'slower',
      ours: { rate: 5e6 },
      peer: { rate: 1e7 },
      ratio: { min: 0.5, median: 0.5, max: 0.5 },
      ok: true,
    });
    expect(measure({ ...slower, goal: 0.6 }, { now }).ok).toBe(false);
  });

  it('runs each side in turn', () => {
    const { now, takes } = clock();
    const order: string[] = [];
    const note = (name: string, work: () => unknown) => () => {
      if (order.at(-1) !== name) order.push(name);
      return work();
    };
    measure(pair('in turn', note('ours', takes(1_000_000n)), note('plain', takes(1_000_000n))), { now, pairs: 3 });
    expect(order).toEqual(['ours', 'plain', 'ours', 'plain', 'ours', 'plain', 'ours', 'plain']);
  });

  it('is shown as a line of a table', () => {
    const { now, takes } = clock();
    const result = measure(pair('a scenario', takes(100n), takes(150n), { goal: 2 }), { now });
    expect(table([result]).split('\n')[1]).toMatch(
      /^a scenario +rate, calls\/s +10\.0 M +6\.67 M +1\.50 +1\.50 +1\.50 +≥ 2× +MISSED$/,
    );
  });
});

describe('the command', () => {
  it('lists what there is when no name is given', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    expect(await run([])).toBe(0);
    expect(log.mock.calls.join('\n')).toContain('converters');
  });

  it.each([
    [['nothing'], "Unknown benchmark 'nothing'; there are: converters"],
    [['a', 'b'], 'One benchmark at a time'],
    [['converters', '--runs', '0'], "--runs is '0'"],
    [['converters', '--only', 'no such'], "No scenario of converters has 'no such' in its name."],
  ])('refuses %j with one line and code 2', async (argv, line) => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    expect(await run(argv)).toBe(2);
    expect(error).toHaveBeenCalledOnce();
    expect(error.mock.calls[0]?.[0]).toContain(line);
  });

  it('prints a line of JSON for each scenario', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    await run(['converters', '--json', '--quick', '--only', 'string of 100']);
    const lines = log.mock.calls.map(([line]) => JSON.parse(line as string) as Result);
    expect(lines.map(({ scenario }) => scenario)).toEqual(['string of 100, encode', 'string of 100, decode']);
    expect(lines.every(({ ratio }) => (ratio?.median ?? 0) > 0)).toBe(true);
  });
});
