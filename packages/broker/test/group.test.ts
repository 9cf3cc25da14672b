import { beforeEach, describe, expect, test } from 'vitest';
import { Group } from '../src/groups/group.ts';
import type { GroupSnapshot, JoinAnswer, JoinRequest, SyncAnswer } from '../src/groups/group-types.ts';
import { ManualClock } from './support/manual-clock.ts';

const session = 10_000;
const rebalance = 60_000;

describe('a group', () => {
  let clock: ManualClock;
  let saved: GroupSnapshot | undefined;
  let savingWorks: boolean;
  let ids: number;
  let group: Group;

  beforeEach(() => {
    clock = new ManualClock();
    saved = undefined;
    savingWorks = true;
    ids = 0;
    group = newGroup();
  });

  const newGroup = (initialRebalanceDelayMs = 0): Group =>
    new Group('g', {
      clock,
      initialRebalanceDelayMs,
      newMemberId: (prefix) => `${prefix}-${++ids}`,
      save: (snapshot) => {
        if (savingWorks) saved = snapshot;
        return savingWorks;
      },
    });

  const request = (change: Partial<JoinRequest> = {}): JoinRequest => ({
    memberId: '',
    groupInstanceId: null,
    clientId: 'c',
    clientHost: '/127.0.0.1',
    sessionTimeoutMs: session,
    rebalanceTimeoutMs: rebalance,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.from('m') }],
    requireMemberId: false,
    canSkipAssignment: true,
    ...change,
  });

  const join = async (change: Partial<JoinRequest> = {}): Promise<JoinAnswer> => group.join(request(change));

  const sync = async (member: JoinAnswer, assignments: Record<string, string> = {}): Promise<SyncAnswer> =>
    group.sync({
      memberId: member.memberId,
      groupInstanceId: null,
      generation: member.generation,
      protocolType: null,
      protocolName: null,
      assignments: Object.entries(assignments).map(([memberId, text]) => ({ memberId, assignment: Buffer.from(text) })),
    });

  const claim = ({ memberId, generation }: JoinAnswer) => ({ memberId, generation, groupInstanceId: null });

  /** One member that is stable. */
  const alone = async (change: Partial<JoinRequest> = {}): Promise<JoinAnswer> => {
    const member = await join(change);
    const { groupInstanceId } = request(change);
    await group.sync({
      ...claim(member),
      groupInstanceId,
      protocolType: null,
      protocolName: null,
      assignments: [{ memberId: member.memberId, assignment: Buffer.from('all') }],
    });
    return member;
  };

  test('of two members makes one the leader, which assigns for both', async () => {
    const first = await alone();
    const joining = join();
    expect(group.heartbeat(claim(first))).toBe('REBALANCE_IN_PROGRESS');
    const [leader, follower] = await Promise.all([join({ memberId: first.memberId }), joining]);
    expect(leader).toMatchObject({ error: 'NONE', generation: 2, leader: first.memberId, protocolName: 'range' });
    expect(leader.members.map(({ memberId }) => memberId).sort()).toEqual([leader.memberId, follower.memberId].sort());
    expect(follower.members).toEqual([]);
    const waiting = sync(follower);
    await sync(leader, { [leader.memberId]: 'one', [follower.memberId]: 'two' });
    expect(Buffer.from((await waiting).assignment).toString()).toBe('two');
    expect(group.describe()).toMatchObject({ state: 'Stable', protocolName: 'range' });
    expect(group.heartbeat(claim(follower))).toBe('NONE');
  });

  test('gives a new member an id first, where the client knows how to come back with it', async () => {
    const refused = await join({ requireMemberId: true });
    expect(refused).toMatchObject({ error: 'MEMBER_ID_REQUIRED', memberId: 'c-1' });
    expect(await join({ requireMemberId: true, memberId: refused.memberId })).toMatchObject({
      error: 'NONE',
      generation: 1,
    });
  });

  test('forgets an id that nobody came back with, and does not wait for it any longer', async () => {
    const { memberId } = await join({ requireMemberId: true });
    const joining = join();
    clock.advance(session);
    expect(await joining).toMatchObject({ error: 'NONE' });
    expect(await join({ requireMemberId: true, memberId })).toMatchObject({ error: 'UNKNOWN_MEMBER_ID' });
  });

  test('drops a member whose session ends, and keeps one that sends heartbeats', async () => {
    const member = await alone();
    for (let beat = 0; beat < 5; beat++) {
      clock.advance(session - 1);
      expect(group.heartbeat(claim(member))).toBe('NONE');
    }
    clock.advance(session);
    expect(group.heartbeat(claim(member))).toBe('UNKNOWN_MEMBER_ID');
    expect(group.state).toBe('Empty');
    expect(saved).toMatchObject({ members: [], generation: 2 });
    expect(clock.pendingTimers).toBe(0);
  });

  test('goes on without a member that does not rejoin within the rebalance timeout', async () => {
    const first = await alone({ sessionTimeoutMs: 10 * rebalance });
    const joining = join();
    clock.advance(rebalance);
    expect(await joining).toMatchObject({ error: 'NONE', generation: 2 });
    expect(group.heartbeat(claim(first))).toBe('UNKNOWN_MEMBER_ID');
  });

  test('goes on without a leader that never assigns', async () => {
    const leader = await join({ sessionTimeoutMs: 10 * rebalance });
    const joining = join({ sessionTimeoutMs: 10 * rebalance });
    const again = await join({ memberId: leader.memberId });
    const follower = await joining;
    const waiting = sync(follower);
    clock.advance(rebalance);
    expect(await waiting).toMatchObject({ error: 'REBALANCE_IN_PROGRESS' });
    expect(group.heartbeat(claim(again))).toBe('UNKNOWN_MEMBER_ID');
    expect(await join({ memberId: follower.memberId })).toMatchObject({ generation: 3, leader: follower.memberId });
  });

  test('refuses generations that are over, members it does not know and protocols that do not fit', async () => {
    const member = await alone();
    expect(group.heartbeat({ ...claim(member), generation: 0 })).toBe('ILLEGAL_GENERATION');
    expect(await sync({ ...member, generation: 7 })).toMatchObject({ error: 'ILLEGAL_GENERATION' });
    expect(group.heartbeat({ ...claim(member), memberId: 'stranger' })).toBe('UNKNOWN_MEMBER_ID');
    expect(await join({ memberId: 'stranger' })).toMatchObject({ error: 'UNKNOWN_MEMBER_ID' });
    expect(await join({ protocolType: 'connect' })).toMatchObject({ error: 'INCONSISTENT_GROUP_PROTOCOL' });
    const other = [{ name: 'sticky', metadata: Buffer.from('m') }];
    expect(await join({ protocols: other })).toMatchObject({ error: 'INCONSISTENT_GROUP_PROTOCOL' });
  });

  test('chooses the protocol that most members like best among those that all have', async () => {
    const protocols = (...names: string[]) => names.map((name) => ({ name, metadata: Buffer.from(name) }));
    const first = await alone({ protocols: protocols('a', 'b', 'c') });
    const others = [join({ protocols: protocols('c', 'b') }), join({ protocols: protocols('c', 'b') })];
    const leader = await join({ memberId: first.memberId, protocols: protocols('a', 'b', 'c') });
    expect(leader.protocolName).toBe('c');
    expect(leader.members.map(({ metadata }) => Buffer.from(metadata).toString())).toEqual(['c', 'c', 'c']);
    await Promise.all(others);
  });

  test('lets a member that joins again unchanged keep its generation, and a leader start a new one', async () => {
    const leader = await alone();
    expect(await join({ memberId: leader.memberId })).toMatchObject({ generation: 2 });
  });

  test('lets the others agree anew when a member leaves', async () => {
    const first = await alone();
    const joining = join();
    const leader = await join({ memberId: first.memberId });
    const follower = await joining;
    const waiting = sync(follower);
    await sync(leader);
    await waiting;
    expect(group.leave({ memberId: follower.memberId, groupInstanceId: null })).toBe('NONE');
    expect(group.heartbeat(claim(leader))).toBe('REBALANCE_IN_PROGRESS');
    expect(await join({ memberId: leader.memberId })).toMatchObject({ generation: 3 });
  });

  describe('with static members', () => {
    const instance = { groupInstanceId: 'i' };

    test('gives a restarted member its place back without a rebalance, and fences the former one', async () => {
      const before = await alone(instance);
      const after = await join(instance);
      expect(after).toMatchObject({ error: 'NONE', generation: 1, skipAssignment: true });
      expect(after.memberId).not.toBe(before.memberId);
      expect(group.heartbeat({ ...claim(before), ...instance })).toBe('FENCED_INSTANCE_ID');
      expect(group.heartbeat({ ...claim(after), ...instance })).toBe('NONE');
      const answer = await group.sync({
        ...claim(after),
        ...instance,
        protocolType: null,
        protocolName: null,
        assignments: [],
      });
      expect(Buffer.from(answer.assignment).toString()).toBe('all');
    });

    test('names another leader to a restarted one that cannot be told to skip the assignment', async () => {
      const before = await alone(instance);
      const after = await join({ ...instance, canSkipAssignment: false });
      expect(after).toMatchObject({ leader: before.memberId, members: [] });
    });

    test('lets an administrator remove a member by its instance id', async () => {
      await alone(instance);
      expect(group.leave({ memberId: '', groupInstanceId: 'other' })).toBe('UNKNOWN_MEMBER_ID');
      expect(group.leave({ memberId: '', ...instance })).toBe('NONE');
      expect(group.state).toBe('Empty');
    });
  });

  test('waits for more members after its first, where it is told to', async () => {
    group = newGroup(3000);
    const joining = [join(), join()];
    clock.advance(2999);
    expect(group.state).toBe('PreparingRebalance');
    clock.advance(1);
    expect((await Promise.all(joining)).map(({ generation }) => generation)).toEqual([1, 1]);
  });

  test('does not hand out assignments that could not be saved', async () => {
    savingWorks = false;
    const member = await join();
    expect(await sync(member, { [member.memberId]: 'all' })).toMatchObject({ error: 'COORDINATOR_NOT_AVAILABLE' });
  });

  test('goes on after a restart where it was', async () => {
    const member = await alone();
    const restored = newGroup();
    restored.restore(JSON.parse(JSON.stringify(saved)) as GroupSnapshot);
    expect(restored.heartbeat(claim(member))).toBe('NONE');
    expect(Buffer.from(restored.describe().members[0]!.assignment).toString()).toBe('all');
    clock.advance(session);
    expect(restored.state).toBe('Empty');
  });

  test('checks who commits offsets', async () => {
    const nobody = { memberId: '', generation: -1, groupInstanceId: null };
    expect(group.commitError(nobody, false)).toBeUndefined();
    const member = await alone();
    expect(group.commitError(claim(member), false)).toBeUndefined();
    expect(group.commitError(nobody, false)).toBe('UNKNOWN_MEMBER_ID');
    expect(group.commitError({ ...claim(member), generation: 0 }, false)).toBe('ILLEGAL_GENERATION');
    const joining = join();
    expect(group.commitError(claim(member), false)).toBeUndefined();
    await join({ memberId: member.memberId });
    const { generation } = await joining;
    expect(group.commitError({ ...claim(member), generation }, false)).toBe('REBALANCE_IN_PROGRESS');
  });

  test('answers everybody who waits when it is closed, and leaves no timer behind', async () => {
    await alone();
    const joining = join();
    group.close();
    expect(await joining).toMatchObject({ error: 'COORDINATOR_NOT_AVAILABLE' });
    expect(clock.pendingTimers).toBe(0);
  });
});
