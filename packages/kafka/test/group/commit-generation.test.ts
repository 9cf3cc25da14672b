import {
  errorCode,
  findCoordinator,
  heartbeat,
  joinGroup,
  leaveGroup,
  offsetCommit,
  syncGroup,
} from '@millrace/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { createGroupMember, type GroupMember } from '../../src/index.ts';
import { scriptedCluster } from '../support/scripted-broker.ts';

test.each([
  ['has joined again', errorCode.REBALANCE_IN_PROGRESS],
  ['was lost', errorCode.UNKNOWN_MEMBER_ID],
])('a commit is not tried again under the next generation, once its member %s', async (_, answer) => {
  const apis = [findCoordinator, joinGroup, syncGroup, heartbeat, leaveGroup, offsetCommit];
  const [broker] = await scriptedCluster(1, apis);
  let generationId = 0;
  let beat: number = errorCode.NONE;
  broker!.on(findCoordinator, () => ({
    errorCode: 0,
    nodeId: 0,
    host: '127.0.0.1',
    port: broker!.port,
    coordinators: [],
  }));
  broker!.on(joinGroup, () => ({
    errorCode: 0,
    generationId: ++generationId,
    protocolType: 'test',
    protocolName: 'one',
    leader: 'other',
    memberId: 'me',
    members: [],
  }));
  broker!.on(syncGroup, () => ({ errorCode: 0, assignment: Buffer.alloc(0) }));
  broker!.on(heartbeat, () => {
    const code = beat;
    beat = errorCode.NONE;
    return { errorCode: code };
  });
  broker!.on(leaveGroup, () => ({ errorCode: 0, members: [] }));
  const seen: (readonly [generation: number, offset: number])[] = [];
  // The first one is asked for again until the next generation is there, which would take it.
  broker!.on(offsetCommit, ({ generationIdOrMemberEpoch: generation, topics }) => {
    const offset = Number(topics[0]!.partitions[0]!.committedOffset);
    seen.push([generation, offset]);
    const refused = offset === 1 && generation === 1 ? errorCode.COORDINATOR_LOAD_IN_PROGRESS : errorCode.NONE;
    return { topics: [{ name: 't', partitions: [{ partitionIndex: 0, errorCode: refused }] }] };
  });
  const at = (offset: number) => [{ topic: 't', partition: 0, offset }];
  let revoking: Promise<void> | undefined;
  const member: GroupMember = createGroupMember({
    settings: {
      'bootstrap.servers': `127.0.0.1:${broker!.port}`,
      'group.id': 'g',
      'heartbeat.interval.ms': 20,
      'retry.backoff.ms': 20,
    },
    protocolType: 'test',
    callbacks: {
      protocols: () => [{ name: 'one', metadata: Buffer.alloc(0) }],
      assign: () => new Map(),
      assigned: () => undefined,
      revoking: () => (revoking = member.commit(at(2))),
    },
  });
  onTestFinished(async () => {
    await member.close();
    await broker!.close();
  });
  await member.start();
  const commit = member.commit(at(1));
  commit.catch(() => undefined);
  await expect.poll(() => seen.length).toBeGreaterThan(0);
  beat = answer;
  await expect(commit).rejects.toMatchObject({ code: 'ILLEGAL_GENERATION', retriable: false });
  await expect.poll(() => member.generation?.generationId).toBe(2);
  expect(seen.every(([generation]) => generation === 1)).toBe(true);
  await revoking;
  expect(seen.some(([, offset]) => offset === 2)).toBe(answer === errorCode.REBALANCE_IN_PROGRESS);
  await member.commit(at(3));
  expect(seen.at(-1)).toEqual([2, 3]);
});
