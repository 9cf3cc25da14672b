import type { Fields } from '../messages/layout.ts';
import { createMessageCodec, type MessageCodec } from '../messages/message-codec.ts';
import type { Decoded, Encodable } from '../messages/message-types.ts';
import { ByteReader } from '../primitives/byte-reader.ts';
import { MessageWriter } from '../primitives/message-writer.ts';
import { ProtocolError } from '../protocol-error.ts';

const subscription = {
  topics: 'string[]',
  userData: ['bytes?', '0+', { default: null }],
  ownedPartitions: [{ array: { topic: 'string', partitions: 'int32[]' } }, '1+', { default: [], ignorable: true }],
  generationId: ['int32', '2+', { default: -1, ignorable: true }],
  rackId: ['string?', '3+', { default: null, ignorable: true }],
} as const;

const assignment = {
  assignedPartitions: { array: { topic: 'string', partitions: 'int32[]' } },
  userData: ['bytes?', '0+', { default: null }],
} as const;

/** What a member of protocol type `consumer` tells its group when it joins. */
export type ConsumerSubscription = Decoded<typeof subscription>;
/** What the leader of such a group gives each member. */
export type ConsumerAssignment = Decoded<typeof assignment>;

const newestVersion = 3;

const subscriptions: MessageCodec<typeof subscription> = createMessageCodec(subscription, {
  name: 'consumer subscription',
  versions: '0-3',
  flexible: 'none',
});

const assignments: MessageCodec<typeof assignment> = createMessageCodec(assignment, {
  name: 'consumer assignment',
  versions: '0-3',
  flexible: 'none',
});

export function encodeConsumerSubscription(
  message: Encodable<typeof subscription>,
  version: number = newestVersion,
): Buffer {
  return encode(subscriptions, message, version);
}

/** Reads any version: newer ones only add fields. */
export function decodeConsumerSubscription(bytes: Buffer): ConsumerSubscription {
  return decode(subscriptions, bytes);
}

export function encodeConsumerAssignment(
  message: Encodable<typeof assignment>,
  version: number = newestVersion,
): Buffer {
  return encode(assignments, message, version);
}

/** Reads any version: newer ones only add fields. */
export function decodeConsumerAssignment(bytes: Buffer): ConsumerAssignment {
  return decode(assignments, bytes);
}

function encode<Layout extends Fields>(
  codec: MessageCodec<Layout>,
  message: Encodable<Layout>,
  version: number,
): Buffer {
  const writer = new MessageWriter();
  writer.int16(version);
  codec.encode(version, writer, message);
  return Buffer.concat(writer.finish());
}

function decode<Layout extends Fields>(codec: MessageCodec<Layout>, bytes: Buffer): Decoded<Layout> {
  const reader = new ByteReader(bytes);
  const version = reader.int16();
  if (version < 0) throw new ProtocolError('MALFORMED', `version ${version} of the consumer protocol`);
  return codec.decode(Math.min(version, newestVersion), reader);
}
