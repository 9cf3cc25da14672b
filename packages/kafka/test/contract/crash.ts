import { afterEach, describe, expect, test } from 'vitest';
import { append, Clients, type ContractTarget, readAll, Tally, uniqueName } from './target.ts';

/** What a crash of the broker in the middle of things does to records. */
export function crashContract(target: ContractTarget, crash: () => Promise<void>, replicationFactor = 1): void {
  describe(`a crash of ${target.name}`, () => {
    const clients = new Clients(target);
    afterEach(() => clients.close());

    test('loses no acknowledged record and doubles none, and a reader goes on', async () => {
      const topic = uniqueName('crash');
      await clients.admin().createTopics([{ name: topic, partitions: 3, replicationFactor }]);
      const producer = clients.producer({ 'batch.size': 1000, 'linger.ms': 1, 'request.timeout.ms': 5000 });
      const tail = clients.reader();
      await producer.loadTopic(topic);
      tail.assign([0, 1, 2].map((partition) => ({ topic, partition, offset: 0 })));
      const tally = new Tally();
      let crashed: Promise<void> | undefined;
      let written = 0;
      let over = false;
      while (!over || written % 3 !== 0) {
        while (!producer.hasRoom) await producer.room();
        append(producer, topic, written % 3, `${written}`, tally, written);
        written++;
        if (written % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
        if (written === 3000) {
          crashed = crash().finally(() => {
            over = true;
          });
        }
        // While nobody answers there is no point in filling the memory.
        if (written > 6000 && !over) await crashed;
      }
      await crashed;
      await producer.flush();
      expect(tally.errors).toEqual([]);
      expect(tally.acknowledgedTokens).toHaveLength(written);
      const values = (await readAll(clients.reader(), topic, 3)).map(({ value }) => Number(value));
      expect(values.toSorted((one, other) => one - other)).toEqual(
        Array.from({ length: written }, (_, index) => index),
      );
      let seen = 0;
      await expect
        .poll(
          async () => {
            for (const records of await tail.poll(100)) while (records.next()) seen++;
            return seen;
          },
          { timeout: 30_000 },
        )
        .toBe(written);
    });
  });
}
