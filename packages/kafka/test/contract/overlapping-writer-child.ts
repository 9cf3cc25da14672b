import { createProducer } from '../../src/index.ts';
import type { OverlappingWriterOptions } from './overlapping-writer.ts';
import { append } from './target.ts';

await writeOverlapping(JSON.parse(process.argv[2] as string));

/** Says how far it has committed, line by line, until it is killed. */
async function writeOverlapping({ settings, topic, size, next }: OverlappingWriterOptions): Promise<never> {
  const producer = createProducer({ settings: { 'batch.size': 200, 'linger.ms': 0, ...settings } });
  await producer.initTransactions();
  await producer.loadTopic(topic);
  let committing = Promise.resolve();
  for (let number = next; ; number += size) {
    producer.beginTransaction();
    for (let each = number; each < number + size; each++) {
      for (const partition of [0, 1]) append(producer, topic, partition, `${each}`);
    }
    await committing;
    committing = producer.commitTransaction().then(() => void process.stdout.write(`${number + size}\n`));
  }
}
