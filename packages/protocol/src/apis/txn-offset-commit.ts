import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 28,
  name: 'TxnOffsetCommit',
  versions: '0-5',
  flexible: '3+',
  request: {
    transactionalId: 'string',
    groupId: 'string',
    producerId: 'int64',
    producerEpoch: 'int16',
    generationId: ['int32', '3+', { default: -1 }],
    memberId: ['string', '3+', { default: '' }],
    groupInstanceId: ['string?', '3+', { default: null }],
    topics: {
      array: {
        name: 'string',
        partitions: {
          array: {
            partitionIndex: 'int32',
            committedOffset: 'int64',
            committedLeaderEpoch: ['int32', '2+', { default: -1, ignorable: true }],
            committedMetadata: 'string?',
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    topics: {
      array: {
        name: 'string',
        partitions: { array: { partitionIndex: 'int32', errorCode: 'int16' } },
      },
    },
  },
} as const;

/** Commits offsets of a group inside a transaction. */
export const txnOffsetCommit: Api<typeof layout> = api(layout);
