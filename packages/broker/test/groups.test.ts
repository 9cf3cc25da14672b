import {
  deleteGroups,
  describeGroups,
  encodeConsumerSubscription,
  errorCode,
  heartbeat,
  joinGroup,
  leaveGroup,
  listGroups,
  offsetCommit,
  offsetDelete,
  offsetFetch,
  syncGroup,
} from '@millrace/protocol';
import { describe, expect, test } from 'vitest';
import { type TestClient, temporaryDirectory, testBroker, testClient } from './support/test-broker.ts';

const join = async (client: TestClient, groupId: string, protocolType = 'consumer') => {
  const request = {
    groupId,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    protocolType,
    protocols: [{ name: 'range', metadata: encodeConsumerSubscription({ topics: ['t'] }) }],
  };
  const { memberId } = await client.raw.call(joinGroup, 7, { ...request, memberId: '' });
  const joined = await client.raw.call(joinGroup, 7, { ...request, memberId });
  const assignments = [{ memberId, assignment: Buffer.from('mine') }];
  const synced = await client.raw.call(syncGroup, 5, {
    groupId,
    generationId: joined.generationId,
    memberId,
    assignments,
  });
  expect(synced).toMatchObject({ errorCode: 0, protocolType, protocolName: 'range' });
  return { memberId, generationId: joined.generationId };
};

const commit = async (client: TestClient, groupId: string, memberId: string, generationId: number, topic = 't') => {
  const { topics } = await client.raw.call(offsetCommit, 8, {
    groupId,
    memberId,
    generationIdOrMemberEpoch: generationId,
    topics: [{ name: topic, partitions: [{ partitionIndex: 0, committedOffset: 5, committedMetadata: 'm' }] }],
  });
  return topics[0]!.partitions[0]!.errorCode;
};

describe('groups', () => {
  test('of any protocol type are described and listed as Kafka does', async () => {
    const client = await testClient(await testBroker());
    await client.createTopic('t');
    const { memberId } = await join(client, 'workers', 'connect');
    const { groups } = await client.raw.call(describeGroups, 6, { groups: ['workers', 'absent'] });
    expect(groups[0]).toMatchObject({
      errorCode: 0,
      groupState: 'Stable',
      protocolType: 'connect',
      protocolData: 'range',
      members: [{ memberId, clientId: 'raw', clientHost: '/127.0.0.1', memberAssignment: Buffer.from('mine') }],
    });
    expect(groups[1]).toMatchObject({ errorCode: errorCode.GROUP_ID_NOT_FOUND, groupState: 'Dead' });
    const list = (filter: object) => client.raw.call(listGroups, 5, filter).then((answer) => answer.groups);
    expect(await list({})).toEqual([
      { groupId: 'workers', protocolType: 'connect', groupState: 'Stable', groupType: 'classic' },
    ]);
    expect(await list({ statesFilter: ['Empty'] })).toEqual([]);
    expect(await list({ typesFilter: ['consumer'] })).toEqual([]);
  });

  test('take offsets from members of the current generation only', async () => {
    const client = await testClient(await testBroker());
    await client.createTopic('t');
    const { memberId, generationId } = await join(client, 'g');
    expect(await commit(client, 'g', memberId, generationId)).toBe(0);
    expect(await commit(client, 'g', memberId, generationId - 1)).toBe(errorCode.ILLEGAL_GENERATION);
    expect(await commit(client, 'g', 'stranger', generationId)).toBe(errorCode.UNKNOWN_MEMBER_ID);
    expect(await commit(client, 'g', '', -1)).toBe(errorCode.UNKNOWN_MEMBER_ID);
    expect(await commit(client, 'new', '', -1)).toBe(0);
    expect(await commit(client, 'new', '', -1, 'absent')).toBe(errorCode.UNKNOWN_TOPIC_OR_PARTITION);
  });

  test('can be left by several members in one request, with an answer for each', async () => {
    const client = await testClient(await testBroker());
    const { memberId, generationId } = await join(client, 'g');
    const { members } = await client.raw.call(leaveGroup, 5, {
      groupId: 'g',
      members: [{ memberId }, { memberId: 'stranger' }],
    });
    expect(members.map((member) => member.errorCode)).toEqual([0, errorCode.UNKNOWN_MEMBER_ID]);
    const beat = await client.raw.call(heartbeat, 4, { groupId: 'g', memberId, generationId });
    expect(beat.errorCode).toBe(errorCode.UNKNOWN_MEMBER_ID);
  });

  test('are deleted when they are empty, and offsets when nobody reads the topic', async () => {
    const client = await testClient(await testBroker());
    await client.createTopic('t');
    const { memberId, generationId } = await join(client, 'g');
    await commit(client, 'g', memberId, generationId);
    const deleteGroup = async () =>
      (await client.raw.call(deleteGroups, 2, { groupsNames: ['g'] })).results[0]!.errorCode;
    const deleteOffset = async () =>
      (
        await client.raw.call(offsetDelete, 0, {
          groupId: 'g',
          topics: [{ name: 't', partitions: [{ partitionIndex: 0 }] }],
        })
      ).topics[0]!.partitions[0]!.errorCode;
    expect(await deleteGroup()).toBe(errorCode.NON_EMPTY_GROUP);
    expect(await deleteOffset()).toBe(errorCode.GROUP_SUBSCRIBED_TO_TOPIC);
    await client.raw.call(leaveGroup, 5, { groupId: 'g', members: [{ memberId }] });
    expect(await deleteOffset()).toBe(0);
    const { topics } = await client.raw.call(offsetFetch, 5, {
      groupId: 'g',
      topics: [{ name: 't', partitionIndexes: [0] }],
    });
    expect(topics[0]!.partitions[0]).toMatchObject({ errorCode: 0, committedOffset: -1 });
    expect(await deleteGroup()).toBe(0);
    expect(await deleteGroup()).toBe(errorCode.GROUP_ID_NOT_FOUND);
  });

  test('and their members are there after a restart', async () => {
    const data = temporaryDirectory();
    const first = await testBroker({ data });
    const before = await testClient(first);
    await before.createTopic('t');
    const { memberId, generationId } = await join(before, 'g');
    await first.close();
    const client = await testClient(await testBroker({ data }));
    expect((await client.raw.call(heartbeat, 4, { groupId: 'g', memberId, generationId })).errorCode).toBe(0);
    expect(await commit(client, 'g', memberId, generationId)).toBe(0);
  });

  test('lose the offsets of a topic that is deleted', async () => {
    const client = await testClient(await testBroker());
    await client.createTopic('t');
    await commit(client, 'g', '', -1);
    const { deleteTopics } = await import('@millrace/protocol');
    await client.raw.call(deleteTopics, 5, { topicNames: ['t'], timeoutMs: 1000 });
    await client.createTopic('t');
    const { topics } = await client.raw.call(offsetFetch, 5, { groupId: 'g', topics: null });
    expect(topics).toEqual([]);
  });
});
