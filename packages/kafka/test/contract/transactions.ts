import { isDeepStrictEqual } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { AbortableError, FencedError, type Producer } from '../../src/index.ts';
import { append, Clients, type ContractTarget, readAll, Tally, uniqueName } from './target.ts';

/** Transactions: what is committed is seen once, what is aborted never, and one producer at a time writes. */
export function transactionContract(target: ContractTarget): void {
  describe(`transactions with ${target.name}`, () => {
    const clients = new Clients(target);
    afterEach(() => clients.close());

    const begun = async (id: string, settings: Record<string, string | number> = {}): Promise<Producer> => {
      const producer = clients.producer({ 'transactional.id': id, ...settings });
      await producer.initTransactions();
      return producer;
    };
    const topicOf = async (partitions = 1): Promise<string> => {
      const topic = uniqueName('tx');
      await clients.admin().createTopics([{ name: topic, partitions }]);
      return topic;
    };
    /** What readers of committed records see. The coordinator writes the markers after it has answered. */
    const committed = async (topic: string, partitions = 1): Promise<(string | null)[]> => {
      const admin = clients.admin();
      const all = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));
      const open = async () => {
        const stable = await admin.listOffsets(all, 'latest', { isolation: 'read_committed' });
        return !isDeepStrictEqual(stable, await admin.listOffsets(all, 'latest'));
      };
      await expect.poll(open, { timeout: 10_000 }).toBe(false);
      const read = await readAll(clients.reader({ 'isolation.level': 'read_committed' }), topic, partitions);
      return read.toSorted((one, other) => one.partition - other.partition).map(({ value }) => value);
    };

    test('show committed records only, however often producers abort', async () => {
      const topic = await topicOf(2);
      const producer = await begun(uniqueName('id'));
      for (let round = 0; round < 5; round++) {
        producer.beginTransaction();
        await producer.send({ topic, partition: 0, value: Buffer.from(`commit ${round}`) });
        await producer.send({ topic, partition: 1, value: Buffer.from(`commit ${round}`) });
        await producer.commitTransaction();
        producer.beginTransaction();
        await producer.send({ topic, partition: 0, value: Buffer.from(`abort ${round}`) });
        await producer.abortTransaction();
      }
      const rounds = Array.from({ length: 5 }, (_, round) => `commit ${round}`);
      expect(await committed(topic, 2)).toEqual([...rounds, ...rounds]);
      expect(await readAll(clients.reader(), topic, 2)).toHaveLength(15);
    });

    test('hide 4 MB that were aborted, over several fetches', async () => {
      const topic = await topicOf();
      const producer = await begun(uniqueName('id'), { 'batch.size': 200_000 });
      producer.beginTransaction();
      await producer.loadTopic(topic);
      for (let index = 0; index < 20; index++) append(producer, topic, 0, 'a'.repeat(200_000));
      await producer.flush();
      await producer.abortTransaction();
      producer.beginTransaction();
      await producer.send({ topic, value: Buffer.from('seen') });
      await producer.commitTransaction();
      expect(await committed(topic)).toEqual(['seen']);
    });

    test('drop what was not sent yet when they are aborted', async () => {
      const topic = await topicOf();
      const producer = await begun(uniqueName('id'), { 'linger.ms': 60_000 });
      producer.beginTransaction();
      await producer.loadTopic(topic);
      const tally = new Tally();
      append(producer, topic, 0, 'never sent', tally);
      await producer.abortTransaction();
      expect(tally.errors.map(({ code }) => code)).toEqual(['TRANSACTION_ABORTED']);
      producer.beginTransaction();
      append(producer, topic, 0, 'sent', tally);
      await producer.commitTransaction();
      expect(await committed(topic)).toEqual(['sent']);
    });

    test('refuse an earlier producer of the same id, which is fenced for good', async () => {
      const topic = await topicOf();
      const id = uniqueName('id');
      const zombie = await begun(id);
      zombie.beginTransaction();
      await zombie.send({ topic, value: Buffer.from('of the zombie') });
      const successor = await begun(id);
      await expect(zombie.send({ topic, value: Buffer.from('after') })).rejects.toThrow(FencedError);
      await expect(zombie.commitTransaction()).rejects.toThrow(FencedError);
      await expect(zombie.abortTransaction()).rejects.toThrow(FencedError);
      expect(() => zombie.beginTransaction()).toThrow(FencedError);
      successor.beginTransaction();
      await successor.send({ topic, value: Buffer.from('of the successor') });
      await successor.commitTransaction();
      expect(await committed(topic)).toEqual(['of the successor']);
    });

    test('are ended by an administrator who fences the id', async () => {
      const topic = await topicOf();
      const id = uniqueName('id');
      const zombie = await begun(id);
      zombie.beginTransaction();
      await zombie.send({ topic, value: Buffer.from('of the zombie') });
      const outcomes = await clients.admin().fenceProducers([id, uniqueName('unused')]);
      expect([...outcomes.values()]).toEqual([undefined, undefined]);
      await expect(zombie.commitTransaction()).rejects.toThrow(FencedError);
      expect(await committed(topic)).toEqual([]);
    });

    test('commit the offsets of a group, and abort them', async () => {
      const topic = await topicOf(4);
      const groupId = uniqueName('group');
      const producer = await begun(uniqueName('id'));
      producer.beginTransaction();
      await producer.send({ topic, partition: 0, value: Buffer.from('v') });
      const offsets = [0, 1, 2, 3].map((partition) => ({ topic, partition, offset: 10 + partition, metadata: 'm' }));
      await producer.sendOffsets(offsets, { groupId });
      await producer.commitTransaction();
      producer.beginTransaction();
      await producer.sendOffsets([{ topic, partition: 0, offset: 99 }], { groupId });
      await producer.abortTransaction();
      const found = await clients.admin().listGroupOffsets(groupId);
      expect(found.toSorted((one, other) => one.partition - other.partition)).toMatchObject(offsets);
    });

    test('end empty without a word to the broker', async () => {
      const producer = await begun(uniqueName('id'));
      for (let round = 0; round < 3; round++) {
        producer.beginTransaction();
        await producer.commitTransaction();
        producer.beginTransaction();
        await producer.abortTransaction();
      }
      expect(() => producer.beginTransaction()).not.toThrow();
    });

    test('can only be aborted after a record failed, and then go on', async () => {
      const topic = uniqueName('tx');
      const configs = { 'max.message.bytes': '2000' };
      await clients.admin().createTopics([{ name: topic, partitions: 1, configs }]);
      const producer = await begun(uniqueName('id'));
      producer.beginTransaction();
      await producer.send({ topic, value: Buffer.from('with a large one') });
      await expect(producer.send({ topic, value: Buffer.from('x'.repeat(5000)) })).rejects.toMatchObject({
        code: 'MESSAGE_TOO_LARGE',
      });
      await expect(producer.commitTransaction()).rejects.toThrow(AbortableError);
      await producer.abortTransaction();
      producer.beginTransaction();
      await producer.send({ topic, value: Buffer.from('afterwards') });
      await producer.commitTransaction();
      expect(await committed(topic)).toEqual(['afterwards']);
    });

    test('follow each other without a pause', async () => {
      const topic = await topicOf();
      const producer = await begun(uniqueName('id'));
      await producer.loadTopic(topic);
      for (let round = 0; round < 100; round++) {
        producer.beginTransaction();
        append(producer, topic, 0, `${round}`);
        await producer.commitTransaction();
      }
      expect(await committed(topic)).toEqual(Array.from({ length: 100 }, (_, round) => `${round}`));
    });
  });
}
