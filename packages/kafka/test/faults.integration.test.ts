import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeService } from '@millrace/services';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createGroupMember } from '../src/index.ts';
import { BrokerProcess } from './contract/broker-process.ts';
import { faultContract, impatient } from './contract/faults.ts';
import { Clients, uniqueName } from './contract/target.ts';
import { TcpProxy } from './contract/tcp-proxy.ts';

/** `pnpm soak kafka-faults`: as long as a network may be away, with the timeouts that Java has. */
const soak = process.env['MILLRACE_SOAK'] === 'true';
const silenceMs = soak ? 60_000 : 8_000;
const patience = soak
  ? { settings: { 'max.block.ms': 120_000, 'transaction.timeout.ms': 180_000 }, patienceMs: 180_000 }
  : { settings: impatient, patienceMs: 30_000 };
const silence = `${silenceMs / 1000} s of silence`;

describe('the embedded broker', () => {
  let broker: BrokerProcess;
  let data: string;
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'millrace-kafka-'));
    broker = await BrokerProcess.start({ data, minSessionTimeoutMs: 1_000 });
  });
  afterAll(async () => {
    await broker.kill9();
    await rm(data, { recursive: true, force: true });
  });

  const target = { name: 'the embedded broker', bootstrap: () => broker.bootstrap };
  const clients = new Clients(target);
  afterEach(() => clients.close());

  test('a member that heard nothing for a whole session comes back under its own name', async () => {
    const groupId = uniqueName('silent');
    const losses: string[] = [];
    const settings = { 'group.id': groupId, 'session.timeout.ms': 1_500, 'heartbeat.interval.ms': 100 };
    const member = clients.keep(
      createGroupMember({
        ...clients.options(settings),
        protocolType: 'connect',
        callbacks: {
          protocols: () => [{ name: 'default', metadata: Buffer.from('mine') }],
          assign: (_protocol, members) => new Map(members.map(({ memberId, metadata }) => [memberId, metadata])),
          assigned: () => undefined,
          lost: ({ code }) => {
            losses.push(code);
          },
        },
      }),
    );
    await member.start();
    const { memberId } = member.generation!;
    await broker.kill9();
    await expect.poll(() => losses, { timeout: 15_000 }).toEqual(['SESSION_EXPIRED']);
    await broker.restart();
    await expect.poll(() => member.generation?.memberId, { timeout: 15_000 }).toBe(memberId);
    expect((await clients.admin().describeGroup(groupId)).members).toHaveLength(1);
  });

  faultContract(target, {
    'kill -9': async () => {
      await broker.kill9();
      await broker.restart();
    },
  });
  faultContract(
    target,
    {
      [silence]: async () => {
        broker.pause();
        await sleep(silenceMs);
        broker.resume();
      },
    },
    patience,
  );
});

const proxy = await TcpProxy.listen();
describeService(
  'kafka',
  (kafka) => {
    afterAll(async () => {
      await kafka.stop();
      await proxy.close();
    });

    const target = { name: 'Apache Kafka', bootstrap: () => kafka.address };
    faultContract(target, {
      'kill -9': async () => {
        await kafka.kill9();
        await kafka.restart();
      },
      'an orderly restart': () => kafka.restart(),
    });
    faultContract(
      target,
      {
        [silence]: async () => {
          await kafka.pause();
          await sleep(silenceMs);
          await kafka.resume();
        },
      },
      patience,
    );
    const throughProxy = {
      name: 'Apache Kafka behind a network',
      bootstrap: () => {
        proxy.upstream = kafka.env.KAFKA_PROXY_UPSTREAM ?? '';
        return `127.0.0.1:${proxy.port}`;
      },
    };
    faultContract(
      throughProxy,
      {
        [`${silence} that leave connections half-open`]: async () => {
          proxy.fallSilent();
          await sleep(silenceMs);
          proxy.speakAgain();
        },
      },
      patience,
    );
  },
  {
    fresh: true,
    options: {
      proxy: String(proxy.port),
      'broker.session.timeout.ms': '3000',
      'broker.heartbeat.interval.ms': '500',
    },
  },
);
