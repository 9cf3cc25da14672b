import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConsumer, createProducer, createReader } from '@millrace/kafka';
import type { ClientWork, ConsumeWork, IdleWork, ProduceWork } from './client-work.ts';

/** Records that are appended in one go, as those of a task's `poll` are. */
const slice = 1000;

/** Does one piece of work with our client, in a process of its own, and prints what it did as a line of JSON. */
const work = JSON.parse(process.argv[2] ?? '{}') as ClientWork;
const does = { produce, consume, idle } as const;
console.log(JSON.stringify(await does[work.does](work as never)));

/** As ProducerPerformance does: a value at random for each record, no key, measured from before the first until all are acknowledged. */
async function produce({ settings, topic, records, values: path }: ProduceWork) {
  const values = readFileSync(path, 'latin1')
    .trimEnd()
    .split('\n')
    .map((line) => Buffer.from(line, 'latin1'));
  const producer = createProducer({ settings });
  let acknowledged = 0;
  let failure: Error | undefined;
  const target = {
    acknowledged: ({ count }: { readonly count: number }) => {
      acknowledged += count;
    },
    failed: (_: unknown, error: Error) => {
      failure ??= error;
    },
  };
  const start = performance.now();
  await producer.loadTopic(topic);
  for (let appended = 0; appended < records && failure === undefined; ) {
    const now = Date.now();
    const end = Math.min(records, appended + slice);
    while (appended < end && producer.hasRoom) {
      const appender = producer.appender(topic, producer.partitionFor(topic, null));
      const writer = appender.begin(now);
      writer.key(null);
      writer.value(values[Math.floor(Math.random() * values.length)] as Buffer);
      appender.end(target);
      appended++;
    }
    if (!producer.hasRoom) await producer.room();
    await new Promise(setImmediate);
  }
  await producer.flush();
  const seconds = (performance.now() - start) / 1000;
  await producer.close();
  if (failure !== undefined) throw failure;
  return { records: acknowledged, seconds };
}

/** As ConsumerPerformance does: from the assignment until the last record, nothing kept. Offsets must follow one another. */
async function consume({ settings, topic, partitions, records }: ConsumeWork) {
  const reader = createReader({ settings });
  const next = Array.from({ length: partitions }, () => 0);
  let seen = 0;
  let bytes = 0;
  const start = performance.now();
  reader.assign(next.map((_, partition) => ({ topic, partition, offset: 0 })));
  while (seen < records) {
    const fetched = await reader.poll(10_000);
    if (fetched.length === 0) throw new Error(`Nothing came for 10 s after ${seen} of ${records} records of ${topic}`);
    for (const batch of fetched) {
      const { record, partition } = batch;
      let expected = next[partition] as number;
      while (batch.next()) {
        if (record.offset !== expected++) {
          throw new Error(`${topic}-${partition} gave offset ${record.offset} instead of ${expected - 1}`);
        }
        bytes += record.valueEnd - record.valueStart;
      }
      seen += expected - (next[partition] as number);
      next[partition] = expected;
    }
  }
  const seconds = (performance.now() - start) / 1000;
  await reader.close();
  return { records: seen, seconds, bytes };
}

/** Holds open what a task holds open, with nothing to do; CPU counts from the time when all have settled. */
async function idle({ settings, topic, partitions, milliseconds }: IdleWork) {
  const producer = createProducer({ settings });
  const reader = createReader({ settings });
  const consumer = createConsumer({ settings: { ...settings, 'group.id': `idle-${process.pid}` } });
  await producer.send({ topic, partition: 0, value: Buffer.from('the last one') });
  reader.assign(Array.from({ length: partitions }, (_, partition) => ({ topic, partition })));
  await consumer.start({ topics: [topic] });
  const polls = [reader.poll(0x7fffffff), consumer.poll(0x7fffffff)];
  await sleep(2000);
  const before = process.cpuUsage();
  const start = performance.now();
  await sleep(milliseconds);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  reader.wakeup();
  consumer.wakeup();
  const arrived = (await Promise.all(polls)).flat().length;
  if (arrived > 0) throw new Error(`${arrived} partitions had records although nothing was written`);
  await Promise.all([producer.close(), reader.close(), consumer.close()]);
  return { seconds, cpuSeconds: (user + system) / 1e6 };
}
