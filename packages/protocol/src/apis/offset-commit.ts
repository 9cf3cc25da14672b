import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 8,
  name: 'OffsetCommit',
  versions: '2-10',
  flexible: '8+',
  request: {
    groupId: 'string',
    generationIdOrMemberEpoch: ['int32', '0+', { default: -1 }],
    memberId: 'string',
    groupInstanceId: ['string?', '7+', { default: null }],
    retentionTimeMs: ['int64', '0-4', { default: -1, ignorable: true }],
    topics: {
      array: {
        name: ['string', '0-9', { ignorable: true }],
        topicId: ['uuid', '10+', { ignorable: true }],
        partitions: {
          array: {
            partitionIndex: 'int32',
            committedOffset: 'int64',
            committedLeaderEpoch: ['int32', '6+', { default: -1, ignorable: true }],
            committedMetadata: 'string?',
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: ['int32', '3+', { default: 0, ignorable: true }],
    topics: {
      array: {
        name: ['string', '0-9', { ignorable: true }],
        topicId: ['uuid', '10+', { ignorable: true }],
        partitions: { array: { partitionIndex: 'int32', errorCode: 'int16' } },
      },
    },
  },
} as const;

/** Commits offsets of a group. */
export const offsetCommit: Api<typeof layout> = api(layout);
