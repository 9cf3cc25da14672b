import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { describeService } from '@millrace/services';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { Admin, PartitionReader, TopicDescription } from '../src/index.ts';
import { append, Clients, uniqueName } from './contract/target.ts';

const settings = {
  'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
  'replica.lag.time.max.ms': '1500',
};

describeService(
  'kafka3',
  (kafka) => {
    const clients = new Clients({ name: 'three nodes', bootstrap: () => kafka.address });
    afterEach(() => clients.close());
    afterAll(() => kafka.stop());
    const quick = { 'request.timeout.ms': 2_000 };

    const partitionOf = async (admin: Admin, topic: string): Promise<TopicDescription['partitions'][number]> =>
      (await admin.describeTopics([topic])).get(topic)!.partitions[0]!;

    const until = async (what: string, condition: () => Promise<boolean>): Promise<void> => {
      for (const end = Date.now() + 40_000; Date.now() < end; ) {
        if (await condition().catch(() => false)) return;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      throw new Error(`${what} did not come about`);
    };

    const read = async (reader: PartitionReader, count: number): Promise<string[]> => {
      const values: string[] = [];
      for (const end = Date.now() + 40_000; values.length < count && Date.now() < end; ) {
        for (const records of await reader.poll(500)) {
          const { record } = records;
          while (records.next()) values.push(record.buffer.toString('utf8', record.valueStart, record.valueEnd));
        }
      }
      return values;
    };

    test('records come from the follower in the rack of the client', async () => {
      const sockets: Socket[] = [];
      const onSocket = (message: unknown): void => {
        sockets.push((message as { readonly socket: Socket }).socket);
      };
      subscribe('net.client.socket', onSocket);
      try {
        const topic = uniqueName('rack');
        const admin = clients.admin();
        await admin.createTopics([{ name: topic, partitions: 1, replicationFactor: 3 }]);
        const producer = clients.producer();
        await producer.loadTopic(topic);
        for (let index = 0; index < 1_000; index++) append(producer, topic, 0, 'x'.repeat(1_000));
        await producer.flush();
        const { leader, replicas } = await partitionOf(admin, topic);
        const near = replicas.find((node) => node !== leader)!;
        const reader = clients.reader({ 'client.rack': `node${near}` });
        sockets.length = 0;
        reader.assign([{ topic, partition: 0, offset: 0 }]);
        expect(await read(reader, 1_000)).toHaveLength(1_000);
        const received = (node: number): number =>
          sockets
            .filter(({ remotePort }) => remotePort === Number(kafka.address.split(',')[node - 1]!.split(':')[1]))
            .reduce((sum, { bytesRead }) => sum + bytesRead, 0);
        expect(received(near)).toBeGreaterThan(1_000_000);
        expect(received(leader)).toBeLessThan(100_000);
      } finally {
        unsubscribe('net.client.socket', onSocket);
      }
    });

    test('after an unclean election nothing that the new leader has is skipped', async () => {
      const topic = uniqueName('unclean');
      const admin = clients.admin(quick);
      const configs = { 'unclean.leader.election.enable': 'true', 'min.insync.replicas': '1' };
      await admin.createTopics([{ name: topic, partitions: 1, replicationFactor: 2, configs }]);
      const produce = async (...values: string[]): Promise<void> => {
        const producer = clients.producer({ ...quick, 'linger.ms': 0 });
        await producer.loadTopic(topic);
        for (const value of values) await producer.send({ topic, partition: 0, value: Buffer.from(value) });
        await producer.close();
      };
      // Were the position out of range, this would skip everything.
      const reader = clients.reader({ ...quick, 'auto.offset.reset': 'latest' });
      reader.assign([{ topic, partition: 0, offset: 0 }]);
      await produce('kept 1', 'kept 2');
      expect(await read(reader, 2)).toEqual(['kept 1', 'kept 2']);
      const { leader, replicas } = await partitionOf(admin, topic);
      const follower = replicas.find((node) => node !== leader)!;
      await kafka.pause(`node${follower}`);
      await until('the follower out of sync', async () => (await partitionOf(admin, topic)).inSync.length === 1);
      await produce('lost 1', 'lost 2', 'lost 3');
      expect(await read(reader, 3)).toEqual(['lost 1', 'lost 2', 'lost 3']);
      await kafka.kill9(`node${leader}`);
      await kafka.resume(`node${follower}`);
      await until('the unclean election', async () => (await partitionOf(admin, topic)).leader === follower);
      await produce('new 1', 'new 2', 'new 3', 'new 4');
      expect(await read(reader, 4)).toEqual(['new 1', 'new 2', 'new 3', 'new 4']);
      await kafka.restart(`node${leader}`);
    });
  },
  { fresh: true, options: settings },
);
