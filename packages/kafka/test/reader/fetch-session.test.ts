import { errorCode } from '@millrace/protocol';
import { describe, expect, test } from 'vitest';
import { FetchSession } from '../../src/reader/fetch-session.ts';

const want = (session: FetchSession, partition: number, fetchOffset = 0): void => {
  session.want({ topic: 't', partition, fetchOffset, leaderEpoch: 1, lastEpoch: -1 });
};
const numbers = (items: readonly { readonly partition: number }[]): number[] => items.map(({ partition }) => partition);

describe('a fetch session', () => {
  test('names everything once, then only what has changed', () => {
    const session = new FetchSession();
    want(session, 0);
    want(session, 1);
    const first = session.next();
    expect([first.sessionId, first.sessionEpoch, numbers(first.partitions)]).toEqual([0, 0, [0, 1]]);
    expect(session.answered(errorCode.NONE, 77)).toBe(true);
    const second = session.next();
    expect([second.sessionId, second.sessionEpoch, second.partitions, second.forgotten]).toEqual([77, 1, [], []]);
    session.answered(errorCode.NONE, 77);
    want(session, 1, 5);
    session.drop('t', 0);
    const third = session.next();
    expect([third.sessionEpoch, numbers(third.partitions), numbers(third.forgotten)]).toEqual([2, [1], [0]]);
    expect(session.requestedOffset('t', 1)).toBe(5);
    expect(session.requestedOffset('t', 0)).toBeUndefined();
  });

  test('begins anew after an error and after a lost answer', () => {
    const session = new FetchSession();
    want(session, 0);
    session.next();
    session.answered(errorCode.NONE, 77);
    session.next();
    session.lost();
    const again = session.next();
    expect([again.sessionId, again.sessionEpoch, numbers(again.partitions)]).toEqual([77, 0, [0]]);
    expect(session.answered(errorCode.FETCH_SESSION_ID_NOT_FOUND, 0)).toBe(false);
    expect(session.next()).toMatchObject({ sessionId: 0, sessionEpoch: 0 });
  });

  test('does without where the broker gives none', () => {
    const session = new FetchSession();
    want(session, 0);
    session.next();
    session.answered(errorCode.NONE, 0);
    expect(numbers(session.next().partitions)).toEqual([0]);
  });

  test('does not forget what was dropped and wanted again, nor what the broker never heard of', () => {
    const session = new FetchSession();
    want(session, 0);
    session.next();
    session.answered(errorCode.NONE, 77);
    session.drop('t', 0);
    want(session, 0, 9);
    want(session, 1);
    session.drop('t', 1);
    const next = session.next();
    expect([numbers(next.partitions), next.forgotten]).toEqual([[0], []]);
  });
});
