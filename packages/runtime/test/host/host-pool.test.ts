import { afterEach, describe, expect, it } from 'vitest';
import type { Host } from '../../src/host/host.ts';
import { HostPool } from '../../src/host/host-pool.ts';
import { createInlineHost } from '../../src/host/inline-host.ts';
import { createThreadHost } from '../../src/host/thread-host.ts';
import { RecordingOwner } from './fixtures/recording-owner.ts';
import { configured, runnersModule, taskSpec } from './fixtures/specs.ts';

const pools: HostPool[] = [];
const open = (size: number, createHost: () => Host): HostPool => {
  const pool = new HostPool({ createHost, size });
  pools.push(pool);
  return pool;
};
const options = { log: () => undefined, runners: runnersModule };
const inline = () => createInlineHost(options);

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

const start = (pool: HostPool, spec = taskSpec('count')): Host => {
  const host = pool.hostFor(spec);
  host.startTask(spec, new RecordingOwner());
  return host;
};

const lookup = (topic: string) =>
  taskSpec('count', {
    transforms: [{ ...configured('transform', { topic: 'x', table: 'topic', 'table.topic': topic }), alias: 'look' }],
  });

describe('a pool of hosts', () => {
  it('starts a host when all others have work, up to its size, and then takes the one with the fewest tasks', () => {
    const pool = open(2, inline);
    expect(pool.hosts).toHaveLength(0);
    const first = start(pool);
    const second = start(pool);
    expect(second).not.toBe(first);
    start(pool);
    start(pool);
    expect(pool.hosts.map(({ taskCount }) => taskCount)).toEqual([2, 2]);
  });

  it('uses a host again that has nothing to do', () => {
    const pool = open(2, inline);
    expect(pool.leastLoaded()).toBe(pool.leastLoaded());
  });

  it('places tasks that use the same lookup table together', () => {
    const pool = open(2, inline);
    const first = start(pool, lookup('cities'));
    const other = start(pool, lookup('people'));
    expect(other).not.toBe(first);
    expect([start(pool, lookup('cities')), start(pool, lookup('cities'))]).toEqual([first, first]);
    expect(start(pool, lookup('people'))).toBe(other);
  });

  it('replaces a host that was lost', async () => {
    const pool = open(1, () => createThreadHost(options));
    const first = pool.leastLoaded();
    const owner = new RecordingOwner();
    first.startTask(taskSpec('exits'), owner);
    await expect.poll(() => owner.states.at(-1), { timeout: 10_000 }).toBe('failed');
    const second = pool.leastLoaded();
    expect(second).not.toBe(first);
    const next = new RecordingOwner();
    second.startTask(taskSpec('count'), next);
    await expect.poll(() => next.states, { timeout: 10_000 }).toEqual(['running']);
  });

  it('starts nothing once it is closed', async () => {
    const pool = open(1, inline);
    start(pool);
    await pool.close();
    await pool.close();
    expect(() => pool.leastLoaded()).toThrow('The worker is closed');
  });
});
