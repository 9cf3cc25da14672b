import { expect, test } from 'vitest';
import {
  decodeConsumerAssignment,
  decodeConsumerSubscription,
  encodeConsumerAssignment,
  encodeConsumerSubscription,
} from '../../src/index.ts';
import { readVectors } from '../vectors.ts';

type Vector = [json: { userData: string | null }, bytes: string];
const { subscriptions, assignments } = readVectors<{ subscriptions: Vector[]; assignments: Vector[] }>('messages');

function withBytes(json: Vector[0]) {
  return { ...json, userData: json.userData === null ? null : Buffer.from(json.userData, 'base64') };
}

test('subscriptions of all versions are those of Java', () => {
  for (const [version, [json, base64]] of subscriptions.entries()) {
    const decoded = decodeConsumerSubscription(Buffer.from(base64, 'base64'));
    expect(decoded).toMatchObject(withBytes(json));
    expect(encodeConsumerSubscription(decoded, version).toString('base64')).toBe(base64);
  }
});

test('assignments of all versions are those of Java', () => {
  for (const [version, [json, base64]] of assignments.entries()) {
    const decoded = decodeConsumerAssignment(Buffer.from(base64, 'base64'));
    expect(decoded).toMatchObject(withBytes(json));
    expect(encodeConsumerAssignment(decoded, version).toString('base64')).toBe(base64);
  }
});

test('a newer version is read as the newest that is known', () => {
  const bytes = Buffer.concat([encodeConsumerSubscription({ topics: ['a'], rackId: 'r' }), Buffer.from('more')]);
  bytes.writeInt16BE(9, 0);
  expect(decodeConsumerSubscription(bytes)).toMatchObject({ topics: ['a'], rackId: 'r', generationId: -1 });
});
