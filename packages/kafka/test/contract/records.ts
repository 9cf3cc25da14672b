import { afterEach, describe, expect, test } from 'vitest';
import { KafkaProducer } from '../../src/producer/kafka-producer.ts';
import { readProducerSettings } from '../../src/settings/read-settings.ts';
import { append, Clients, type ContractTarget, readAll, Tally, uniqueName } from './target.ts';

/** Records go out and come back as they were. */
export function recordContract(target: ContractTarget): void {
  describe(`records with ${target.name}`, () => {
    const clients = new Clients(target);
    afterEach(() => clients.close());

    test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
      'come back as they were written, compressed by %s',
      async (compression) => {
        const topic = uniqueName('codec');
        await clients.admin().createTopics([{ name: topic, partitions: 2 }]);
        const producer = clients.producer({ 'compression.type': compression });
        const value = 'value '.repeat(50);
        const written = await Promise.all([
          producer.send({ topic, partition: 0, key: Buffer.from('k'), value: Buffer.from(value), timestamp: 1234 }),
          producer.send({
            topic,
            partition: 0,
            value: null,
            timestamp: Date.UTC(2026, 0, 1),
            headers: [
              { name: 'empty', value: null },
              { name: 'twice', value: Buffer.from('a') },
              { name: 'twice', value: Buffer.from('b') },
            ],
          }),
          producer.send({ topic, partition: 1, key: Buffer.from(''), value: Buffer.from('') }),
        ]);
        expect(written.map(({ partition, offset }) => [partition, offset])).toEqual([
          [0, 0],
          [0, 1],
          [1, 0],
        ]);
        const read = await readAll(clients.reader(), topic, 2);
        const headers = [
          ['empty', null],
          ['twice', 'a'],
          ['twice', 'b'],
        ];
        expect(read.filter(({ partition }) => partition === 0)).toEqual([
          { partition: 0, offset: 0, timestamp: 1234, key: 'k', value, headers: [] },
          { partition: 0, offset: 1, timestamp: Date.UTC(2026, 0, 1), key: null, value: null, headers },
        ]);
        expect(read.filter(({ partition }) => partition === 1)).toMatchObject([{ key: '', value: '' }]);
      },
    );

    test('keep their order and their tokens over many batches in flight', async () => {
      const topic = uniqueName('order');
      await clients.admin().createTopics([{ name: topic, partitions: 3 }]);
      const producer = clients.producer({ 'batch.size': 2000, 'linger.ms': 1 });
      await producer.loadTopic(topic);
      const tally = new Tally();
      const count = 6000;
      for (let index = 0; index < count; index++) {
        if (!producer.hasRoom) await producer.room();
        append(producer, topic, index % 3, `record ${index}`, tally, index);
      }
      await producer.flush();
      expect(tally.errors).toEqual([]);
      expect(tally.acknowledgedTokens.toSorted((one, other) => one - other)).toEqual(
        Array.from({ length: count }, (_, index) => index),
      );
      const read = await readAll(clients.reader(), topic, 3);
      for (let partition = 0; partition < 3; partition++) {
        const values = read.filter((record) => record.partition === partition);
        expect(values.map(({ value }) => value)).toEqual(
          Array.from({ length: count / 3 }, (_, index) => `record ${index * 3 + partition}`),
        );
        expect(values.every(({ offset, value }) => tally.offsets.get(Number(value!.slice(7))) === offset)).toBe(true);
      }
    });

    test('wait for room when the memory of the producer is used up', async () => {
      const topic = uniqueName('room');
      await clients.admin().createTopics([{ name: topic, partitions: 1 }]);
      const producer = clients.producer({ 'buffer.memory': 40_000, 'linger.ms': 60_000 });
      await producer.loadTopic(topic);
      let waited = 0;
      for (let index = 0; index < 200; index++) {
        while (!producer.hasRoom) {
          waited++;
          await producer.room();
        }
        append(producer, topic, 0, 'x'.repeat(1000));
      }
      await producer.flush();
      expect(waited).toBeGreaterThan(0);
      expect(await readAll(clients.reader(), topic)).toHaveLength(200);
    });

    test('that are too large together are split, and one that is too large alone fails', async () => {
      const topic = uniqueName('large');
      const configs = { 'max.message.bytes': '5000' };
      await clients.admin().createTopics([{ name: topic, partitions: 1, configs }]);
      const producer = clients.producer({ 'batch.size': 20_000 });
      await producer.loadTopic(topic);
      const tally = new Tally();
      for (let index = 0; index < 30; index++) append(producer, topic, 0, `${index}`.padEnd(1000), tally, index);
      await producer.flush();
      expect(tally.errors).toEqual([]);
      expect(tally.acknowledgedTokens).toEqual(Array.from({ length: 30 }, (_, index) => index));
      append(producer, topic, 0, 'x'.repeat(8000), tally, 30);
      append(producer, topic, 0, 'after', tally, 31);
      await producer.flush();
      expect(tally.errors.length).toBeLessThanOrEqual(1);
      const values = (await readAll(clients.reader(), topic)).map(({ value }) => value!.trim());
      expect(values.filter((value) => value !== '')).toEqual([
        ...Array.from({ length: 30 }, (_, index) => `${index}`),
        'after',
      ]);
      expect(tally.errors.map(({ code }) => code)).toEqual(['MESSAGE_TOO_LARGE']);
    });

    test('go on when the sequence goes around at 2^31', async () => {
      const topic = uniqueName('wrap');
      await clients.admin().createTopics([{ name: topic, partitions: 1 }]);
      const { settings } = clients.options({ 'batch.size': 500, 'linger.ms': 0 });
      const producer = clients.keep(
        new KafkaProducer({
          settings: readProducerSettings(settings, () => undefined),
          log: () => undefined,
          firstSequence: 0x7fffffff - 150,
        }),
      );
      await producer.loadTopic(topic);
      const tally = new Tally();
      for (let index = 0; index < 1000; index++) append(producer, topic, 0, `${index}`, tally, index);
      await producer.flush();
      expect(tally.errors).toEqual([]);
      const values = (await readAll(clients.reader(), topic)).map(({ value }) => value);
      expect(values).toEqual(Array.from({ length: 1000 }, (_, index) => `${index}`));
    });

    test('are lost to nobody and doubled for nobody when the topic is new and has no leaders yet', async () => {
      const topic = uniqueName('fresh');
      const producer = clients.producer();
      await clients.admin().createTopics([{ name: topic, partitions: 8 }]);
      await Promise.all(
        Array.from({ length: 96 }, (_, index) =>
          producer.send({ topic, partition: index % 8, value: Buffer.from(`${index}`) }),
        ),
      );
      const values = (await readAll(clients.reader(), topic, 8)).map(({ value }) => Number(value));
      expect(values.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 96 }, (_, index) => index));
    });

    test.each([[{}], [{ 'transactional.id': uniqueName('vanishing') }]])(
      'go on by themselves when their topic vanishes: it is made again for them (%o)',
      async (settings) => {
        const topic = uniqueName('vanishing');
        const admin = clients.admin();
        const producer = clients.producer({ 'linger.ms': 60_000, ...settings });
        const within = async (append: () => void): Promise<void> => {
          if ('transactional.id' in settings) producer.beginTransaction();
          append();
          if ('transactional.id' in settings) await producer.commitTransaction();
          else await producer.flush();
        };
        if ('transactional.id' in settings) await producer.initTransactions();
        await producer.loadTopic(topic);
        await within(() => append(producer, topic, 0, 'before'));
        await admin.deleteTopics([topic]);
        await expect.poll(() => admin.listTopics(), { timeout: 10_000 }).not.toContain(topic);
        const tally = new Tally();
        await within(() => {
          for (let token = 0; token < 10; token++) append(producer, topic, 0, `${token}`, tally, token);
        });
        expect(tally.errors).toEqual([]);
        const values = (await readAll(clients.reader(), topic)).map(({ value }) => value);
        expect(values).toEqual(Array.from({ length: 10 }, (_, token) => `${token}`));
      },
    );

    test('go to the partition that Java chooses for a key', async () => {
      const topic = uniqueName('keys');
      await clients.admin().createTopics([{ name: topic, partitions: 7 }]);
      const producer = clients.producer();
      const first = await producer.send({ topic, key: Buffer.from('millrace'), value: Buffer.from('1') });
      const second = await producer.send({ topic, key: Buffer.from('millrace'), value: Buffer.from('2') });
      expect(second).toMatchObject({ partition: first.partition, offset: first.offset + 1 });
    });

    test.each(['0', '1'])('arrive with acks=%s', async (acks) => {
      const topic = uniqueName('acks');
      await clients.admin().createTopics([{ name: topic, partitions: 1 }]);
      const producer = clients.producer({ acks });
      const { offset } = await producer.send({ topic, value: Buffer.from('v') });
      expect(offset).toBe(acks === '0' ? -1 : 0);
      const reader = clients.reader();
      reader.assign([{ topic, partition: 0, offset: 0 }]);
      const [records] = await reader.poll(10_000);
      expect(records?.next()).toBe(true);
    });
  });
}
