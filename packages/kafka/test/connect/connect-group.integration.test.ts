import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeService, service } from '@millrace/services';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { numberOf, type Work } from './connect-protocol.ts';
import { StandInWorker } from './stand-in-worker.ts';

const groupId = 'java-and-node';
const statusTopic = 'java-and-node-status';
const work: readonly Work[] = ['in#-1', 'in#0', 'out#-1', 'out#0', 'out#1', 'out#2', 'out#3', 'out#4'];

interface Status {
  readonly state: string;
  readonly worker_id: string;
}

describeService(
  'java-connect',
  (connect) => {
    const nodeId = '127.0.0.1:1';
    const java = (): string => new URL(connect.address).host;
    let directory: string;

    const request = async (path: string, body?: unknown): Promise<unknown> => {
      const response = await fetch(`${connect.address}${path}`, {
        signal: AbortSignal.timeout(10_000),
        ...(body === undefined
          ? {}
          : { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
      });
      return response.json();
    };
    /** Who runs what, as Java's REST tells it: `state at worker`. */
    const statuses = async (): Promise<Record<string, string>> => {
      const found: Record<string, string> = {};
      const say = ({ state, worker_id }: Status): string => `${state} at ${worker_id}`;
      for (const name of ['in', 'out']) {
        const { connector, tasks } = (await request(`/connectors/${name}/status`)) as {
          connector?: Status;
          tasks?: readonly (Status & { id: number })[];
        };
        if (connector !== undefined) found[`${name}#-1`] = say(connector);
        for (const task of tasks ?? []) found[`${name}#${task.id}`] = say(task);
      }
      return found;
    };
    const runningAt = (where: (each: Work) => string): Record<string, string> =>
      Object.fromEntries(work.map((each) => [each, `RUNNING at ${where(each)}`]));
    const everythingAtJava = async (timeout = 30_000): Promise<void> => {
      await vi.waitFor(async () => expect(await statuses()).toEqual(runningAt(java)), { timeout, interval: 100 });
    };
    const standIn = (): StandInWorker =>
      new StandInWorker({
        bootstrap: connect.env.CONNECT_KAFKA_BOOTSTRAP,
        groupId,
        statusTopic,
        workerId: nodeId,
        work,
      });

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'millrace-connect-'));
      await writeFile(join(directory, 'lines'), '');
      const common = { 'tasks.max': '5', file: join(directory, 'lines') };
      await request('/connectors/in/config', { ...common, 'connector.class': 'FileStreamSource', topic: 'lines' });
      const out = { ...common, file: join(directory, 'copy'), topics: 'lines' };
      await request('/connectors/out/config', { ...out, 'connector.class': 'FileStreamSink' });
      await everythingAtJava();
    });
    afterAll(async () => {
      await connect.stop();
      await (await service('kafka')).stop();
      await rm(directory, { recursive: true, force: true });
    });

    test('a Node member gets its share from a Java leader, and hands it back', async () => {
      const node = standIn();
      try {
        await node.start();
        await expect.poll(() => node.held.size, { timeout: 30_000 }).toBe(work.length / 2);
        const held = [...node.held];
        expect(held.filter((each) => numberOf(each) < 0)).toHaveLength(1);
        expect(node.generation).toMatchObject({ protocol: 'sessioned', isLeader: false });
        expect(node.assignments.at(-1)).toMatchObject({
          error: 0,
          leader: node.generation?.leaderId,
          leaderUrl: `${connect.address}/`,
          revoked: [],
        });
        await expect
          .poll(statuses, { timeout: 30_000 })
          .toEqual(runningAt((each) => (held.includes(each) ? nodeId : java())));
      } finally {
        await node.close();
      }
      await everythingAtJava(10_000);
    });

    test('a Node member leads, and a Java worker takes its share from it', async () => {
      const node = standIn();
      try {
        await node.start();
        await connect.restart();
        await expect.poll(() => node.held.size, { timeout: 30_000 }).toBe(work.length / 2);
        expect(node.generation).toMatchObject({ protocol: 'sessioned', isLeader: true });
        // In between it had everything.
        expect(node.assignments.flatMap(({ revoked }) => revoked)).toHaveLength(work.length / 2);
        await expect
          .poll(statuses, { timeout: 30_000 })
          .toEqual(runningAt((each) => (node.held.has(each) ? nodeId : java())));
      } finally {
        await node.close();
      }
      await everythingAtJava(10_000);
    });
  },
  {
    fresh: true,
    options: {
      'group.id': groupId,
      'status.storage.topic': statusTopic,
      'scheduled.rebalance.max.delay.ms': '0',
      'heartbeat.interval.ms': '500',
    },
  },
);
