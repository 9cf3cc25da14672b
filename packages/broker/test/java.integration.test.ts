import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeService, service } from '@millrace/services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Broker, startBroker } from '../src/index.ts';
import { eventually } from './support/eventually.ts';
import { javaTool } from './support/java.ts';
import { temporaryDirectory } from './support/test-broker.ts';

// Apache's server is not used: it is there for its installation, which has the tools.
describeService('kafka', (kafka) => {
  let broker: Broker;
  const lines: string[] = [];
  const tool = (name: string, args: readonly string[], input?: string): Promise<string> =>
    javaTool(kafka.env.KAFKA_CLASSPATH, name, ['--bootstrap-server', broker.bootstrap, ...args], input);

  beforeAll(async () => {
    await kafka.stop();
    broker = await startBroker({ log: (line) => lines.push(line) });
  });

  afterAll(async () => {
    await broker.close();
  });

  test("Java's tools create, describe, alter and delete topics", async () => {
    await tool('org.apache.kafka.tools.TopicCommand', [
      '--create',
      '--topic',
      'admin',
      '--partitions',
      '3',
      '--config',
      'retention.ms=1000',
    ]);
    await tool('org.apache.kafka.tools.TopicCommand', ['--alter', '--topic', 'admin', '--partitions', '5']);
    await tool('kafka.admin.ConfigCommand', [
      '--alter',
      '--entity-type',
      'topics',
      '--entity-name',
      'admin',
      '--add-config',
      'segment.bytes=2048',
      '--delete-config',
      'retention.ms',
    ]);
    const described = await tool('org.apache.kafka.tools.TopicCommand', ['--describe', '--topic', 'admin']);
    expect(described).toMatch(/PartitionCount: 5\s+ReplicationFactor: 1\s+Configs: segment\.bytes=2048\n/);
    await tool('org.apache.kafka.tools.TopicCommand', ['--delete', '--topic', 'admin']);
    expect(await tool('org.apache.kafka.tools.TopicCommand', ['--list'])).not.toContain('admin');
  });

  test("Java's console tools produce and consume, compressed too, and a group goes on where it was", async () => {
    const codecs = ['none', 'snappy', 'zstd'];
    for (const codec of codecs) {
      const args = ['--topic', 'console', '--compression-codec', codec, '--request-required-acks', 'all'];
      await tool('org.apache.kafka.tools.ConsoleProducer', args, `${codec}-1\n${codec}-2\n`);
    }
    const expected = codecs.flatMap((codec) => [`${codec}-1`, `${codec}-2`]);
    const consume = async (count: number, ...more: string[]): Promise<string[]> => {
      const args = ['--topic', 'console', '--max-messages', String(count), '--timeout-ms', '20000', ...more];
      return (await tool('org.apache.kafka.tools.consumer.ConsoleConsumer', args))
        .split('\n')
        .filter((line) => /^\w+-\d$/.test(line));
    };
    expect(await consume(4, '--group', 'g', '--from-beginning')).toEqual(expected.slice(0, 4));
    expect(await consume(2, '--group', 'g', '--isolation-level', 'read_committed')).toEqual(expected.slice(4));
    const described = await tool('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', [
      '--describe',
      '--group',
      'g',
    ]);
    expect(described).toMatch(/g\s+console\s+0\s+6\s+6\s+0/);
    const reset = ['--reset-offsets', '--group', 'g', '--topic', 'console', '--to-offset', '4', '--execute'];
    await tool('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', reset);
    expect(await consume(2, '--group', 'g')).toEqual(expected.slice(4));
  });

  test("Java's performance tools move a million records, in transactions too", async () => {
    const produce = (topic: string, records: number, ...more: string[]): Promise<string> =>
      javaTool(kafka.env.KAFKA_CLASSPATH, 'org.apache.kafka.tools.ProducerPerformance', [
        ...['--topic', topic, '--num-records', String(records), '--record-size', '100', '--throughput', '-1', ...more],
        ...['--bootstrap-server', broker.bootstrap, '--command-property', 'acks=all'],
      ]);
    expect(await produce('perf', 1_000_000)).toContain('1000000 records sent');
    const transactional = ['--transactional-id', 'perf', '--transaction-duration-ms', '100'];
    expect(await produce('perf-transactional', 200_000, ...transactional)).toContain('200000 records sent');
    const consumed = await tool('org.apache.kafka.tools.ConsumerPerformance', [
      '--topic',
      'perf',
      '--num-records',
      '1000000',
      '--timeout',
      '20000',
    ]);
    expect(consumed).toMatch(/, 1000000, /);
    const transactions = await tool('org.apache.kafka.tools.TransactionsCommand', ['list']);
    expect(transactions).toMatch(/perf\s+\S+\s+\d+\s+CompleteCommit/);
  });

  test('Java Connect, distributed and exactly once, moves lines from file to file over it', async () => {
    const connect = await service('java-connect', {
      fresh: true,
      options: { kafka: broker.bootstrap, 'exactly.once.source.support': 'enabled' },
    });
    try {
      const directory = temporaryDirectory();
      const [from, to] = [join(directory, 'from'), join(directory, 'to')];
      await writeFile(from, 'a\nb\n');
      const create = async (name: string, config: Record<string, string>): Promise<void> => {
        const response = await fetch(`${connect.address}/connectors/${name}/config`, {
          method: 'PUT',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ ...converters, ...config }),
        });
        expect(await response.json()).toMatchObject({ name });
      };
      await create('source', { 'connector.class': 'FileStreamSource', file: from, topic: 'lines' });
      await create('sink', { 'connector.class': 'FileStreamSink', file: to, topics: 'lines' });
      await eventually(async () => expect(await readFile(to, 'utf8')).toBe('a\nb\n'));
      await appendFile(from, 'c\n');
      await eventually(async () => expect(await readFile(to, 'utf8')).toBe('a\nb\nc\n'));
      await eventually(async () => {
        const response = await fetch(`${connect.address}/connectors/source/offsets`);
        expect(await response.json()).toEqual({
          offsets: [{ partition: { filename: from }, offset: { position: 6 } }],
        });
      });
      await connect.restart();
      await appendFile(from, 'd\n');
      await eventually(async () => expect(await readFile(to, 'utf8')).toBe('a\nb\nc\nd\n'), 40_000);
    } finally {
      await connect.stop();
    }
    expect(lines).toEqual([]);
  });
});

const converters = {
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'consumer.override.auto.offset.reset': 'earliest',
};
