import { afterEach, describe, expect, test } from 'vitest';
import type { PartitionReader } from '../../src/index.ts';
import { append, Clients, type ContractTarget, uniqueName } from './target.ts';

/** Polls until that many values have come, or fails at the deadline. */
async function take(reader: PartitionReader, count: number, limitMs = 10_000): Promise<string[]> {
  const values: string[] = [];
  const end = Date.now() + limitMs;
  while (values.length < count) {
    if (Date.now() > end)
      throw new Error(`only ${values.length} of ${count} records came: ${values.slice(0, 10).join(', ')}`);
    for (const records of await reader.poll(200)) {
      while (values.length < count && records.next()) {
        const { buffer, valueStart, valueEnd } = records.record;
        values.push(buffer.toString('utf8', valueStart, valueEnd));
      }
    }
  }
  return values;
}

/** A reader without a group. */
export function readingContract(target: ContractTarget): void {
  describe(`reading with ${target.name}`, () => {
    const clients = new Clients(target);
    afterEach(() => clients.close());

    const filled = async (count: number, partitions = 1): Promise<string> => {
      const topic = uniqueName('read');
      await clients.admin().createTopics([{ name: topic, partitions }]);
      const producer = clients.producer();
      await producer.loadTopic(topic);
      for (let index = 0; index < count; index++) append(producer, topic, index % partitions, `${index}`);
      await producer.flush();
      return topic;
    };

    test('goes on with the tail after the end', async () => {
      const topic = await filled(3);
      const reader = clients.reader();
      reader.assign([{ topic, partition: 0 }]);
      expect(await take(reader, 3)).toEqual(['0', '1', '2']);
      expect(reader.position(topic, 0)).toBe(3);
      const producer = clients.producer();
      await producer.send({ topic, value: Buffer.from('tail') });
      expect(await take(reader, 1)).toEqual(['tail']);
    });

    test('begins at the latest record when told so', async () => {
      const topic = await filled(3);
      const reader = clients.reader({ 'auto.offset.reset': 'latest' });
      reader.assign([{ topic, partition: 0 }]);
      expect(await reader.poll(300)).toEqual([]);
      await clients.producer().send({ topic, value: Buffer.from('new') });
      expect(await take(reader, 1)).toEqual(['new']);
    });

    test('gives what was left unread again', async () => {
      const topic = await filled(5);
      const reader = clients.reader();
      reader.assign([{ topic, partition: 0, offset: 1 }]);
      expect(await take(reader, 1)).toEqual(['1']);
      expect(reader.position(topic, 0)).toBe(2);
      expect(await take(reader, 3)).toEqual(['2', '3', '4']);
    });

    test('seeks at once, though a long poll is under way', async () => {
      const topic = await filled(10);
      const reader = clients.reader({ 'fetch.max.wait.ms': 20_000, 'request.timeout.ms': 30_000 });
      reader.assign([{ topic, partition: 0 }]);
      await take(reader, 10);
      expect(await reader.poll(200)).toEqual([]);
      const before = Date.now();
      reader.seek(topic, 0, 4);
      expect(await take(reader, 6)).toEqual(['4', '5', '6', '7', '8', '9']);
      reader.seek(topic, 0, 'earliest');
      expect(await take(reader, 2)).toEqual(['0', '1']);
      expect(Date.now() - before).toBeLessThan(3_000);
    });

    test('gives nothing of paused partitions until they are resumed', async () => {
      const topic = await filled(20, 2);
      const reader = clients.reader();
      const paused = [{ topic, partition: 1 }];
      reader.assign([{ topic, partition: 0 }, ...paused]);
      reader.pause(paused);
      expect(await take(reader, 10)).toEqual(Array.from({ length: 10 }, (_, index) => `${index * 2}`));
      expect(await reader.poll(200)).toEqual([]);
      reader.resume(paused);
      expect(await take(reader, 10)).toEqual(Array.from({ length: 10 }, (_, index) => `${index * 2 + 1}`));
    });

    test('reads the others though paused partitions have filled their buffers', async () => {
      const topic = await filled(4000, 2);
      // One fetch is as much as may be buffered.
      const reader = clients.reader({ 'fetch.max.bytes': 1000, 'max.partition.fetch.bytes': 1000 });
      reader.assign([{ topic, partition: 0 }]);
      await expect.poll(() => reader.poll(100)).toHaveLength(1);
      reader.pause([{ topic, partition: 0 }]);
      reader.assign([0, 1].map((partition) => ({ topic, partition })));
      expect(await take(reader, 2000)).toEqual(Array.from({ length: 2000 }, (_, index) => `${2 * index + 1}`));
      reader.resume([{ topic, partition: 0 }]);
      expect(await take(reader, 2000)).toEqual(Array.from({ length: 2000 }, (_, index) => `${2 * index}`));
    });

    test('follows auto.offset.reset where an offset does not exist', async () => {
      const topic = await filled(3);
      const reader = clients.reader();
      reader.assign([{ topic, partition: 0, offset: 1000 }]);
      expect(await take(reader, 3)).toEqual(['0', '1', '2']);
      const strict = clients.reader({ 'auto.offset.reset': 'none' });
      strict.assign([{ topic, partition: 0, offset: 1000 }]);
      await expect(strict.poll(10_000)).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' });
    });

    test('reads a large backlog through small buffers, in order', async () => {
      const topic = await filled(20_000, 4);
      const reader = clients.reader({ 'max.partition.fetch.bytes': 20_000, 'fetch.max.bytes': 50_000 });
      reader.assign([0, 1, 2, 3].map((partition) => ({ topic, partition })));
      const next = [0, 1, 2, 3];
      let count = 0;
      await reader.readToEnd((records) => {
        while (records.next()) {
          const { buffer, valueStart, valueEnd } = records.record;
          const value = Number(buffer.toString('utf8', valueStart, valueEnd));
          if (value !== next[records.partition]) throw new Error(`${value} instead of ${next[records.partition]}`);
          next[records.partition]! += 4;
          count++;
        }
      });
      expect(count).toBe(20_000);
    });

    test('ends a poll that waits when it is woken up', async () => {
      const topic = await filled(0);
      const reader = clients.reader();
      reader.assign([{ topic, partition: 0 }]);
      const before = Date.now();
      const poll = reader.poll(30_000);
      reader.wakeup();
      expect(await poll).toEqual([]);
      expect(Date.now() - before).toBeLessThan(1_000);
    });

    test('tells the ends of partitions, committed or not', async () => {
      const topic = await filled(3);
      const producer = clients.producer({ 'transactional.id': uniqueName('id') });
      await producer.initTransactions();
      producer.beginTransaction();
      await producer.send({ topic, value: Buffer.from('open') });
      const admin = clients.admin();
      const partitions = [{ topic, partition: 0 }];
      expect(await admin.listOffsets(partitions, 'latest')).toEqual([{ topic, partition: 0, offset: 4 }]);
      expect(await admin.listOffsets(partitions, 'latest', { isolation: 'read_committed' })).toEqual([
        { topic, partition: 0, offset: 3 },
      ]);
      await producer.commitTransaction();
    });
  });
}
