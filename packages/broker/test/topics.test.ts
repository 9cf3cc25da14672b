import {
  alterConfigs,
  createPartitions,
  createTopics,
  deleteTopics,
  describeConfigs,
  errorCode,
  incrementalAlterConfigs,
  metadata,
} from '@millrace/protocol';
import { describe, expect, test } from 'vitest';
import { type TestClient, testBroker, testClient } from './support/test-broker.ts';

const plain = { numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] };

const configsOf = async (client: TestClient, ...configurationKeys: string[]) => {
  const { results } = await client.raw.call(describeConfigs, 4, {
    resources: [{ resourceType: 2, resourceName: 't', configurationKeys }],
    includeSynonyms: true,
  });
  return Object.fromEntries(results[0]!.configs.map(({ name, value, configSource }) => [name, [value, configSource]]));
};

describe('topics', () => {
  test.each([
    ['without a name', { name: '' }, errorCode.INVALID_TOPIC_EXCEPTION],
    ['with a name that is a path', { name: '..' }, errorCode.INVALID_TOPIC_EXCEPTION],
    ['with a slash', { name: 'a/b' }, errorCode.INVALID_TOPIC_EXCEPTION],
    ['with a name that is too long', { name: 'x'.repeat(250) }, errorCode.INVALID_TOPIC_EXCEPTION],
    ['without partitions', { name: 't', numPartitions: 0 }, errorCode.INVALID_PARTITIONS],
    ['with replicas', { name: 't', replicationFactor: 3 }, errorCode.INVALID_REPLICATION_FACTOR],
    [
      'on another node',
      { name: 't', numPartitions: -1, replicationFactor: -1, assignments: [{ partitionIndex: 0, brokerIds: [2] }] },
      errorCode.INVALID_REPLICA_ASSIGNMENT,
    ],
    [
      'with an entry that does not exist',
      { name: 't', configs: [{ name: 'retention', value: '1' }] },
      errorCode.INVALID_CONFIG,
    ],
    [
      'with a value out of range',
      { name: 't', configs: [{ name: 'segment.bytes', value: '1' }] },
      errorCode.INVALID_CONFIG,
    ],
    [
      'with a codec of their own',
      { name: 't', configs: [{ name: 'compression.type', value: 'gzip' }] },
      errorCode.INVALID_CONFIG,
    ],
  ])('%s are refused', async (_what, topic, code) => {
    const client = await testClient(await testBroker());
    const { topics } = await client.raw.call(createTopics, 7, { topics: [{ ...plain, ...topic }] });
    expect(topics[0]!.errorCode).toBe(code);
    expect((await client.raw.call(metadata, 12, { topics: null })).topics).toEqual([]);
  });

  test('are made with defaults, and only looked at when that is asked for', async () => {
    const client = await testClient(await testBroker({ defaultPartitions: 4 }));
    const wanted = [{ ...plain, name: 'x'.repeat(249), numPartitions: -1, replicationFactor: -1 }];
    const tried = await client.raw.call(createTopics, 7, { topics: wanted, validateOnly: true });
    expect(tried.topics[0]).toMatchObject({ errorCode: 0, numPartitions: 4, topicId: 'AAAAAAAAAAAAAAAAAAAAAA' });
    const made = await client.raw.call(createTopics, 7, { topics: wanted });
    expect(made.topics[0]).toMatchObject({ errorCode: 0, numPartitions: 4, replicationFactor: 1 });
    const { topics } = await client.raw.call(metadata, 12, {
      topics: [{ topicId: made.topics[0]!.topicId, name: null }],
    });
    expect(topics[0]!.partitions).toHaveLength(4);
    const again = await client.raw.call(createTopics, 7, { topics: [...wanted, ...wanted] });
    expect(again.topics.map((topic) => topic.errorCode)).toEqual([
      errorCode.INVALID_REQUEST,
      errorCode.INVALID_REQUEST,
    ]);
  });

  test('can get more partitions, never fewer', async () => {
    const client = await testClient(await testBroker());
    await client.createTopic('t');
    const grow = async (count: number, validateOnly = false) =>
      (
        await client.raw.call(createPartitions, 3, {
          topics: [{ name: 't', count, assignments: null }],
          timeoutMs: 1,
          validateOnly,
        })
      ).results[0]!.errorCode;
    expect(await grow(3, true)).toBe(0);
    expect(await grow(3)).toBe(0);
    expect(await grow(3)).toBe(errorCode.INVALID_PARTITIONS);
    const { topics } = await client.raw.call(metadata, 12, { topics: [{ name: 't' }] });
    expect(topics[0]!.partitions).toHaveLength(3);
  });

  test('can be configured entry by entry', async () => {
    const client = await testClient(await testBroker());
    await client.createTopic('t', { 'retention.ms': '1000' });
    const alter = async (...changes: [string, number, string | null][]) =>
      (
        await client.raw.call(incrementalAlterConfigs, 1, {
          resources: [
            {
              resourceType: 2,
              resourceName: 't',
              configs: changes.map(([name, configOperation, value]) => ({ name, configOperation, value })),
            },
          ],
          validateOnly: false,
        })
      ).responses[0]!;
    expect(
      (await alter(['cleanup.policy', 2, 'compact'], ['retention.ms', 1, null], ['segment.bytes', 0, '2048']))
        .errorCode,
    ).toBe(0);
    expect(await configsOf(client, 'cleanup.policy', 'retention.ms', 'segment.bytes')).toEqual({
      'cleanup.policy': ['delete,compact', 1],
      'retention.ms': ['604800000', 5],
      'segment.bytes': ['2048', 1],
    });
    expect((await alter(['cleanup.policy', 3, 'delete'])).errorCode).toBe(0);
    expect(await configsOf(client, 'cleanup.policy')).toEqual({ 'cleanup.policy': ['compact', 1] });
    const refused = await alter(
      ['segment.bytes', 0, '4096'],
      ['retention.ms', 0, 'long'],
      ['max.message.bytes', 0, '-1'],
    );
    expect(refused.errorCode).toBe(errorCode.INVALID_CONFIG);
    expect(refused.errorMessage).toContain('retention.ms');
    expect(refused.errorMessage).toContain('max.message.bytes');
    expect(await configsOf(client, 'segment.bytes')).toEqual({ 'segment.bytes': ['2048', 1] });
  });

  test('can be configured as a whole', async () => {
    const client = await testClient(await testBroker());
    await client.createTopic('t', { 'retention.ms': '1000' });
    const resources = [{ resourceType: 2, resourceName: 't', configs: [{ name: 'segment.bytes', value: '2048' }] }];
    const { responses } = await client.raw.call(alterConfigs, 2, { resources, validateOnly: false });
    expect(responses[0]!.errorCode).toBe(0);
    expect(await configsOf(client, 'retention.ms', 'segment.bytes')).toEqual({
      'retention.ms': ['604800000', 5],
      'segment.bytes': ['2048', 1],
    });
  });

  test('are deleted by name or by id', async () => {
    const client = await testClient(await testBroker());
    await client.createTopic('t');
    await client.createTopic('u');
    const { topics } = await client.raw.call(metadata, 12, { topics: [{ name: 'u' }] });
    const { responses } = await client.raw.call(deleteTopics, 6, {
      topics: [
        { name: 't', topicId: 'AAAAAAAAAAAAAAAAAAAAAA' },
        { topicId: topics[0]!.topicId },
        { name: 'absent', topicId: 'AAAAAAAAAAAAAAAAAAAAAA' },
      ],
      timeoutMs: 1,
    });
    expect(responses.map(({ name, errorCode: code }) => [name, code])).toEqual([
      ['t', 0],
      ['u', 0],
      ['absent', errorCode.UNKNOWN_TOPIC_OR_PARTITION],
    ]);
    expect((await client.raw.call(metadata, 12, { topics: null })).topics).toEqual([]);
  });
});
