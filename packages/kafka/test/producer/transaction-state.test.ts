import { describe, expect, test } from 'vitest';
import { AbortableError, FencedError, KafkaError } from '../../src/index.ts';
import { TransactionState, transactionError } from '../../src/producer/transaction-state.ts';

function open(): TransactionState {
  const state = new TransactionState();
  state.initialized();
  state.begin();
  return state;
}

describe('the state of a transaction', () => {
  test('allows nothing before it is initialized, and nothing twice', () => {
    const state = new TransactionState();
    expect(() => state.begin()).toThrow('beginTransaction is not possible while the transaction is uninitialized');
    state.initialized();
    state.begin();
    expect(() => state.begin()).toThrow('while the transaction is open');
    expect(() => state.initialized()).toThrow(KafkaError);
  });

  test('allows only to abort after a failure inside, and then goes on', () => {
    const state = open();
    state.failInside(new KafkaError('MESSAGE_TOO_LARGE', 'too large'));
    expect(() => state.checkOpen('send')).toThrow(AbortableError);
    expect(() => state.beginCommit()).toThrow('too large');
    state.beginAbort();
    state.ended();
    expect(() => state.begin()).not.toThrow();
  });

  test('takes records of the next one while it commits, and nothing else for it', () => {
    const state = open();
    state.beginCommit();
    expect(() => state.checkTakesRecords('send')).toThrow('send is not possible while the transaction is committing');
    state.partitions.add('t-0');
    state.begun = true;
    state.begin();
    state.checkTakesRecords('send');
    expect(() => state.checkOpen('sendOffsets')).toThrow('while the transaction is overlapping');
    expect(() => state.beginCommit()).toThrow('while the transaction is overlapping');
    expect(() => state.begin()).toThrow('while the transaction is overlapping');
    // Until it has ended, what is known of it is its own.
    expect([state.begun, state.partitions.size]).toEqual([true, 1]);
    state.checkCommits();
    state.ended();
    expect([state.phase, state.begun, state.partitions.size]).toEqual(['open', false, 0]);
  });

  test('that cannot be committed is aborted with the one that overlaps it', () => {
    const state = open();
    state.beginCommit();
    state.begin();
    state.failInside(new KafkaError('MESSAGE_TOO_LARGE', 'too large'));
    expect(() => state.checkCommits()).toThrow('too large');
    expect(() => state.checkTakesRecords('send')).toThrow(AbortableError);
    state.beginAbort();
    state.ended();
    expect(state.phase).toBe('ready');
  });

  test('stays fenced', () => {
    const state = open();
    state.failForGood(transactionError(new KafkaError('INVALID_PRODUCER_EPOCH', 'old'), 'id'));
    for (const attempt of [() => state.begin(), () => state.beginAbort(), () => state.beginCommit()]) {
      expect(attempt).toThrow(FencedError);
    }
  });

  test('does not hold a failure outside of a transaction against the next one', () => {
    const state = new TransactionState();
    state.initialized();
    state.failInside(new KafkaError('UNKNOWN', 'late'));
    expect(() => state.begin()).not.toThrow();
  });
});
