import { isDeepStrictEqual } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { AbortableError, FencedError, type Producer } from '../../src/index.ts';
import { OverlappingWriter } from './overlapping-writer.ts';
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

    test('take records of the next one while they are committed, and send none before that is over', async () => {
      const topic = await topicOf(2);
      // Batches of a few records, due at once.
      const producer = await begun(uniqueName('id'), { 'batch.size': 100, 'linger.ms': 0 });
      await producer.loadTopic(topic);
      const tally = new Tally();
      let committing = Promise.resolve();
      for (let round = 0; round < 100; round++) {
        producer.beginTransaction();
        for (let index = 0; index < 20; index++) append(producer, topic, index % 2, `${round}`, tally, round);
        await committing;
        expect(tally.acknowledgedTokens).not.toContain(round);
        committing = producer.commitTransaction();
      }
      await committing;
      const rounds = Array.from({ length: 1000 }, (_, index) => `${Math.floor(index / 10)}`);
      expect(await committed(topic, 2)).toEqual([...rounds, ...rounds]);
    });

    test('are aborted without the one that was committed meanwhile', async () => {
      const topic = await topicOf();
      const producer = await begun(uniqueName('id'), { 'batch.size': 100, 'linger.ms': 0 });
      await producer.loadTopic(topic);
      for (let round = 0; round < 20; round++) {
        producer.beginTransaction();
        append(producer, topic, 0, `commit ${round}`);
        const committing = producer.commitTransaction();
        producer.beginTransaction();
        for (let index = 0; index < 10; index++) append(producer, topic, 0, `abort ${round}`);
        // Before, while and after the first one ends.
        if (round % 3 === 1) await committing;
        if (round % 3 === 2) await Promise.all([committing, producer.flush()]);
        await producer.abortTransaction();
        await committing;
      }
      expect(await committed(topic)).toEqual(Array.from({ length: 20 }, (_, round) => `commit ${round}`));
    });

    test('that cannot be committed take the next one with them', async () => {
      const topic = uniqueName('tx');
      const configs = { 'max.message.bytes': '2000' };
      await clients.admin().createTopics([{ name: topic, partitions: 1, configs }]);
      const producer = await begun(uniqueName('id'));
      await producer.loadTopic(topic);
      const tally = new Tally();
      for (let round = 0; round < 3; round++) {
        producer.beginTransaction();
        append(producer, topic, 0, 'with a large one');
        append(producer, topic, 0, 'x'.repeat(5000));
        const committing = producer.commitTransaction();
        producer.beginTransaction();
        append(producer, topic, 0, 'held', tally);
        await expect(committing).rejects.toThrow(AbortableError);
        expect(() => append(producer, topic, 0, 'too late')).toThrow(AbortableError);
        await producer.abortTransaction();
        producer.beginTransaction();
        append(producer, topic, 0, `afterwards ${round}`);
        await producer.commitTransaction();
      }
      expect(tally.errors.map(({ code }) => code)).toEqual(Array.from({ length: 3 }, () => 'TRANSACTION_ABORTED'));
      expect(await committed(topic)).toEqual(['afterwards 0', 'afterwards 1', 'afterwards 2']);
    });

    test('that are fenced while they are committed never send the next one', async () => {
      const topic = await topicOf();
      const id = uniqueName('id');
      const zombie = await begun(id);
      zombie.beginTransaction();
      await zombie.send({ topic, value: Buffer.from('of the zombie') });
      const successor = await begun(id);
      const committing = zombie.commitTransaction();
      zombie.beginTransaction();
      const tally = new Tally();
      append(zombie, topic, 0, 'held', tally);
      await expect(committing).rejects.toThrow(FencedError);
      expect(tally.errors).toEqual([expect.any(FencedError)]);
      successor.beginTransaction();
      await successor.send({ topic, value: Buffer.from('of the successor') });
      await successor.commitTransaction();
      expect(await committed(topic)).toEqual(['of the successor']);
      expect(await readAll(clients.reader(), topic)).toHaveLength(2);
    });

    test('are committed by a producer that is closed meanwhile, without the next one', async () => {
      const topic = await topicOf();
      const producer = await begun(uniqueName('id'));
      await producer.loadTopic(topic);
      const tally = new Tally();
      producer.beginTransaction();
      append(producer, topic, 0, 'committed', tally, 1);
      const committing = producer.commitTransaction();
      producer.beginTransaction();
      append(producer, topic, 0, 'held', tally, 2);
      await producer.close();
      await committing;
      expect(tally.acknowledgedTokens).toEqual([1]);
      expect(tally.errors.map(({ code }) => code)).toEqual(['TRANSACTION_ABORTED']);
      expect(await committed(topic)).toEqual(['committed']);
    });

    test('of producers that are killed in the middle are whole or not there', async () => {
      const topic = await topicOf(2);
      const id = uniqueName('id');
      const size = 50;
      let next = 0;
      for (let life = 0; life < 6; life++) {
        const writer = OverlappingWriter.start({ ...clients.options({ 'transactional.id': id }), topic, size, next });
        await writer.committed(next + (life + 1) * size);
        await writer.kill9();
        // Takes over: what was open is aborted, what was being committed is over.
        await begun(id);
        const seen = (await committed(topic, 2)).map(Number);
        expect(seen.length % (2 * size)).toBe(0);
        next = seen.length / 2;
      }
      const numbers = Array.from({ length: next }, (_, index) => `${index}`);
      expect(await committed(topic, 2)).toEqual([...numbers, ...numbers]);
    });
  });
}
