import {
  encodeConsumerAssignment,
  errorCode,
  fetch,
  findCoordinator,
  heartbeat,
  joinGroup,
  leaveGroup,
  offsetFetch,
  syncGroup,
} from '@millrace/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { createConsumer, type KafkaError } from '../../src/index.ts';
import { scriptedCluster } from '../support/scripted-broker.ts';

test.each([
  ['the group', errorCode.GROUP_AUTHORIZATION_FAILED, errorCode.NONE, 'GROUP_AUTHORIZATION_FAILED'],
  ['the topic', errorCode.NONE, errorCode.TOPIC_AUTHORIZATION_FAILED, 'TOPIC_AUTHORIZATION_FAILED'],
])('a consumer that may not read the offsets of %s fails, and leaves', async (_, ofGroup, ofPartition, code) => {
  const apis = [findCoordinator, joinGroup, syncGroup, heartbeat, leaveGroup, offsetFetch, fetch];
  const [broker] = await scriptedCluster(1, apis);
  const names = (): string[] => broker!.seen.map(({ name }) => name);
  broker!.on(findCoordinator, () => ({
    errorCode: 0,
    nodeId: 0,
    host: '127.0.0.1',
    port: broker!.port,
    coordinators: [],
  }));
  broker!.on(joinGroup, () => ({
    errorCode: 0,
    generationId: 1,
    protocolType: 'consumer',
    protocolName: 'range',
    leader: 'other',
    memberId: 'me',
    members: [],
  }));
  broker!.on(syncGroup, () => ({
    errorCode: 0,
    assignment: Buffer.from(encodeConsumerAssignment({ assignedPartitions: [{ topic: 't', partitions: [0] }] })),
  }));
  broker!.on(heartbeat, () => ({ errorCode: 0 }));
  broker!.on(leaveGroup, () => ({ errorCode: 0, members: [] }));
  broker!.on(offsetFetch, () => {
    const partition = { partitionIndex: 0, committedOffset: -1, metadata: '', errorCode: ofPartition };
    return { errorCode: ofGroup, topics: ofGroup ? [] : [{ name: 't', partitions: [partition] }], groups: [] };
  });
  const settings = { 'bootstrap.servers': `127.0.0.1:${broker!.port}`, 'group.id': 'g' };
  const consumer = createConsumer({ settings });
  onTestFinished(async () => {
    await consumer.close();
    await broker!.close();
  });
  const failures: KafkaError[] = [];
  const started = consumer.start({ topics: ['t'] }, { failed: (error) => void failures.push(error) });
  const message = /^The committed offsets of group g could not be read: /;
  await expect(started).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  await expect(consumer.poll(10)).rejects.toMatchObject({ code });
  expect(failures.map((error) => error.code)).toEqual([code]);
  expect(names().filter((name) => name === 'JoinGroup')).toHaveLength(1);
  expect(names()).toContain('LeaveGroup');
});
