import { silentLogger } from '@millrace/api';
import { type Broker, startBroker } from '@millrace/broker';
import { createAdmin, KafkaError } from '@millrace/kafka';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { parseSourceConnectorConfig } from '../../src/config/connector-config.ts';
import { kafkaClients } from '../../src/source/task-connections.ts';
import { groupOf, type TopicGroup, topicGroups } from '../../src/source/topic-creation.ts';
import type { TaskSetup } from './support.ts';
import { numbers, type RunningTask, readTopic, startTask, textOf, until } from './support.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker({ autoCreateTopics: false });
});
afterAll(() => broker.close());

const groups = {
  'topic.creation.groups': 'compacted',
  'topic.creation.default.partitions': '2',
  'topic.creation.default.replication.factor': '1',
  'topic.creation.compacted.include': 'c-.*, exact',
  'topic.creation.compacted.exclude': '.*-not',
  'topic.creation.compacted.partitions': '3',
  'topic.creation.compacted.cleanup.policy': 'compact',
};
const parse = (config: Record<string, string>): readonly TopicGroup[] =>
  topicGroups(parseSourceConnectorConfig({ name: 'c', 'connector.class': 'X', ...config }));

function start(topic: string, setup: Partial<TaskSetup> = {}): RunningTask {
  return startTask({
    broker,
    config: groups,
    open: (context) => numbers(context, { topic, count: 1, record: () => ({ key: 'k' }) }),
    ...setup,
  });
}

test('groups are chosen by their patterns, in their order', () => {
  const parsed = parse(groups);
  expect(groupOf('c-1', parsed)).toMatchObject({ name: 'compacted', configs: { 'cleanup.policy': 'compact' } });
  expect(groupOf('exact', parsed)).toMatchObject({ name: 'compacted', partitions: 3, replicationFactor: 1 });
  expect(groupOf('exactly', parsed)?.name).toBe('default');
  expect(groupOf('c-not', parsed)).toMatchObject({ name: 'default', partitions: 2, configs: {} });
  expect(parse({})).toEqual([]);
});

test('every problem of the groups is named at once', () => {
  const wrong = {
    'topic.creation.groups': 'a',
    'topic.creation.default.partitions': '0',
    'topic.creation.a.include': '(',
  };
  expect(() => parse(wrong)).toThrow(
    expect.objectContaining({
      problems: expect.arrayContaining([
        expect.objectContaining({ key: 'topic.creation.a.include' }),
        expect.objectContaining({ key: 'topic.creation.default.partitions' }),
        expect.objectContaining({ key: 'topic.creation.default.replication.factor' }),
      ]),
    }),
  );
});

test('a topic that is missing is created by its group', async () => {
  const task = start('c-made');
  await until('the offset', () => task.offsets.get(textOf({ from: 'numbers' }))?.['at'] === 1n);
  const admin = createAdmin({ settings: { 'bootstrap.servers': broker.bootstrap } });
  onTestFinished(() => admin.close());
  expect((await admin.describeTopics(['c-made'])).get('c-made')?.partitions).toHaveLength(3);
  const configs = await admin.describeConfigs({ type: 'topic', name: 'c-made' });
  expect(configs.find(({ name }) => name === 'cleanup.policy')?.value).toBe('compact');
});

test('a topic that cannot be created fails the task with its name and its group', async () => {
  const config = { ...groups, 'topic.creation.compacted.cleanup.policy': 'nonsense' };
  const task = start('c-bad', { config });
  await expect(task.ended).rejects.toThrow(/Topic c-bad could not be created by the group compacted/);
});

test('a topic that may not be created is left to the broker', async () => {
  const clients = kafkaClients(silentLogger);
  const task = start('c-denied', {
    settings: { offsetFlushTimeoutMs: 100 },
    clients: {
      ...clients,
      admin: (settings) => ({
        ...clients.admin(settings),
        describeTopics: async () => new Map(),
        createTopics: async () => new Map([['c-denied', new KafkaError('TOPIC_AUTHORIZATION_FAILED', 'denied')]]),
        close: async () => undefined,
      }),
    },
  });
  await until('a warning', () => task.log.some((line) => line.includes('is left to the broker')));
  expect(task.states).toEqual(['running']);
});

test('a topic that is missing and that nobody creates is waited for', async () => {
  const task = start('late', { config: {} });
  await until('a poll', () => task.runner.metrics?.()['source-task-metrics']?.['sourceRecordPollTotal'] === 1);
  const admin = createAdmin({ settings: { 'bootstrap.servers': broker.bootstrap } });
  onTestFinished(() => admin.close());
  await admin.createTopics([{ name: 'late', partitions: 1 }]);
  await until('the offset', () => task.offsets.size === 1);
  expect(await readTopic(broker, 'late')).toHaveLength(1);
});
