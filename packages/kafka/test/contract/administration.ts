import { afterEach, describe, expect, test } from 'vitest';
import { createConsumer } from '../../src/index.ts';
import { Clients, type ContractTarget, readAll, uniqueName } from './target.ts';

export function administrationContract(target: ContractTarget): void {
  describe(`administration with ${target.name}`, () => {
    const clients = new Clients(target);
    afterEach(() => clients.close());

    test('creates, describes, extends and deletes topics', async () => {
      const admin = clients.admin();
      const name = uniqueName('topic');
      const created = await admin.createTopics([
        { name, partitions: 3, replicationFactor: 1, configs: { 'cleanup.policy': 'compact' } },
        { name: 'not/a/topic', partitions: 1 },
      ]);
      expect(created.get(name)).toBeUndefined();
      expect(created.get('not/a/topic')).toMatchObject({ code: 'INVALID_TOPIC_EXCEPTION', retriable: false });
      const again = await admin.createTopics([{ name, partitions: 3 }]);
      expect(again.get(name)).toMatchObject({ code: 'TOPIC_ALREADY_EXISTS' });
      await expect.poll(() => admin.listTopics()).toContain(name);
      const described = await admin.describeTopics([name, uniqueName('absent')]);
      expect([...described.keys()]).toEqual([name]);
      expect(described.get(name)!.partitions.map(({ partition }) => partition)).toEqual([0, 1, 2]);
      await admin.createPartitions(name, 4);
      await expect.poll(async () => (await admin.describeTopics([name])).get(name)?.partitions.length).toBe(4);
      const deleted = await admin.deleteTopics([name, uniqueName('absent')]);
      expect([...deleted.values()].map((error) => error?.code)).toEqual([undefined, 'UNKNOWN_TOPIC_OR_PARTITION']);
      await expect.poll(() => admin.listTopics()).not.toContain(name);
    });

    test('describes and alters configurations', async () => {
      const admin = clients.admin();
      const name = uniqueName('config');
      const configs = { 'cleanup.policy': 'compact' };
      await admin.createTopics([{ name, partitions: 1, configs }]);
      const resource = { type: 'topic', name } as const;
      await admin.alterConfigs(resource, [
        { name: 'retention.ms', operation: 'set', value: '1234' },
        { name: 'cleanup.policy', operation: 'append', value: 'delete' },
      ]);
      const find = async (key: string) => (await admin.describeConfigs(resource)).find((entry) => entry.name === key);
      await expect.poll(() => find('retention.ms')).toMatchObject({ value: '1234', explicit: true });
      expect(await find('cleanup.policy')).toMatchObject({ value: 'compact,delete', explicit: true });
      await admin.alterConfigs(resource, [{ name: 'retention.ms', operation: 'delete' }]);
      await expect.poll(() => find('retention.ms')).toMatchObject({ explicit: false });
      await expect(admin.describeConfigs({ type: 'topic', name: uniqueName('absent') })).rejects.toMatchObject({
        code: expect.stringMatching(/UNKNOWN_TOPIC_OR_PARTITION|REQUEST_TIMED_OUT/) as string,
      });
    });

    test('deletes records, and finds offsets by time', async () => {
      const admin = clients.admin();
      const topic = uniqueName('records');
      await admin.createTopics([{ name: topic, partitions: 1 }]);
      const producer = clients.producer();
      for (const timestamp of [1000, 2000, 3000]) {
        await producer.send({ topic, value: Buffer.from(`${timestamp}`), timestamp: Date.UTC(2026, 0, 1) + timestamp });
      }
      const partitions = [{ topic, partition: 0 }];
      const at = (timestamp: number) => admin.listOffsets(partitions, { timestamp: Date.UTC(2026, 0, 1) + timestamp });
      expect(await at(1500)).toEqual([{ topic, partition: 0, offset: 1 }]);
      expect(await at(5000)).toEqual([{ topic, partition: 0, offset: -1 }]);
      await admin.deleteRecords([{ topic, partition: 0, offset: 2 }]);
      expect(await admin.listOffsets(partitions, 'earliest')).toEqual([{ topic, partition: 0, offset: 2 }]);
      const reader = clients.reader();
      expect((await readAll(reader, topic)).map(({ value }) => value)).toEqual(['3000']);
    });

    test('lists, alters and deletes the offsets of a group, and the group', async () => {
      const admin = clients.admin();
      const topic = uniqueName('offsets');
      await admin.createTopics([{ name: topic, partitions: 2 }]);
      const groupId = uniqueName('group');
      const offsets = [0, 1].map((partition) => ({ topic, partition, offset: 5 + partition, metadata: 'm' }));
      await admin.alterGroupOffsets(groupId, offsets);
      const found = await admin.listGroupOffsets(groupId);
      expect(found.toSorted((one, other) => one.partition - other.partition)).toMatchObject(offsets);
      expect(await admin.listGroups()).toContainEqual(expect.objectContaining({ groupId, state: 'Empty' }));
      expect(await admin.describeGroup(groupId)).toMatchObject({ groupId, state: 'Empty', members: [] });
      await admin.deleteGroupOffsets(groupId, [{ topic, partition: 0 }]);
      expect(await admin.listGroupOffsets(groupId)).toMatchObject([offsets[1]]);
      expect([...(await admin.deleteGroups([groupId])).values()]).toEqual([undefined]);
      expect(await admin.listGroupOffsets(groupId)).toEqual([]);
      const absent = await admin.deleteGroups([uniqueName('absent')]);
      expect([...absent.values()]).toMatchObject([{ code: 'GROUP_ID_NOT_FOUND' }]);
    });

    test('takes static members out of a group, which would be waited for otherwise', async () => {
      const admin = clients.admin();
      const topic = uniqueName('members');
      await admin.createTopics([{ name: topic, partitions: 2 }]);
      const groupId = uniqueName('group');
      const instances = ['one', 'two', 'three'];
      await Promise.all(
        instances.map(async (instance) => {
          const settings = { 'group.id': groupId, 'group.instance.id': instance, 'heartbeat.interval.ms': 100 };
          const consumer = clients.keep(createConsumer(clients.options(settings)));
          await consumer.start({ topics: [topic] });
          // A static member that ends does not leave.
          await consumer.close();
        }),
      );
      const members = async () => (await admin.describeGroup(groupId)).members.map(({ instanceId }) => instanceId);
      expect(new Set(await members())).toEqual(new Set(instances));
      const outcomes = await admin.removeGroupMembers(groupId, ['one', 'three', 'absent']);
      expect([...outcomes]).toEqual([
        ['one', undefined],
        ['three', undefined],
        ['absent', undefined],
      ]);
      expect(await members()).toEqual(['two']);
    });

    test('tells the id of the cluster', async () => {
      expect(await clients.admin().clusterId()).toMatch(/\S+/);
    });
  });
}
