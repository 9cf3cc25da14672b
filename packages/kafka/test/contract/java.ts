import { execFile } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import { append, Clients, type ContractTarget, readAll, uniqueName } from './target.ts';

function java(classPath: string, main: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const command = ['-Xmx128m', '-cp', classPath, main, ...args];
    const child = execFile('java', command, { timeout: 60_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${main} failed: ${stdout}${stderr}`, { cause: error }));
    });
    child.stdin?.end(input);
  });
}

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

/** Java's own clients read what we write, and we what they write. */
export function javaContract(target: ContractTarget, classPath: () => string): void {
  describe(`Java's clients beside ours with ${target.name}`, () => {
    const clients = new Clients(target);
    afterEach(() => clients.close());

    test('read our records in every codec, transactions included', async () => {
      const topic = uniqueName('to-java');
      await clients.admin().createTopics([{ name: topic, partitions: 1 }]);
      for (const codec of codecs) {
        const producer = clients.producer({ 'compression.type': codec, 'transactional.id': uniqueName('id') });
        await producer.initTransactions();
        await producer.loadTopic(topic);
        producer.beginTransaction();
        for (let index = 0; index < 200; index++) append(producer, topic, 0, `${codec} ${index} ${'x'.repeat(50)}`);
        await producer.commitTransaction();
        producer.beginTransaction();
        append(producer, topic, 0, 'aborted');
        await producer.flush();
        await producer.abortTransaction();
      }
      const output = await java(classPath(), 'org.apache.kafka.tools.consumer.ConsoleConsumer', [
        ...['--bootstrap-server', target.bootstrap(), '--topic', topic, '--from-beginning'],
        ...['--max-messages', '1000', '--timeout-ms', '20000', '--isolation-level', 'read_committed'],
      ]);
      const lines = output.trim().split('\n');
      expect(lines).toHaveLength(1000);
      expect(lines.every((line, index) => line.startsWith(`${codecs[Math.floor(index / 200)]} ${index % 200} `))).toBe(
        true,
      );
    });

    test('write records that we read, in every codec', async () => {
      const topic = uniqueName('from-java');
      await clients.admin().createTopics([{ name: topic, partitions: 1 }]);
      const lines = Array.from({ length: 200 }, (_, index) => `${index} ${'y'.repeat(50)}`);
      for (const codec of codecs) {
        await java(
          classPath(),
          'org.apache.kafka.tools.ConsoleProducer',
          ['--bootstrap-server', target.bootstrap(), '--topic', topic, '--compression-codec', codec],
          `${lines.map((line) => `${codec} ${line}`).join('\n')}\n`,
        );
      }
      const values = (await readAll(clients.reader(), topic)).map(({ value }) => value);
      expect(values).toEqual(codecs.flatMap((codec) => lines.map((line) => `${codec} ${line}`)));
    });
  });
}
