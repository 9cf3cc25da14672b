import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 23,
  name: 'OffsetForLeaderEpoch',
  versions: '2-4',
  flexible: '4+',
  request: {
    replicaId: ['int32', '3+', { default: -2, ignorable: true }],
    topics: {
      array: {
        topic: 'string',
        partitions: {
          array: {
            partition: 'int32',
            currentLeaderEpoch: ['int32', '0+', { default: -1 }],
            leaderEpoch: 'int32',
          },
        },
      },
    },
  },
  response: {
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    topics: {
      array: {
        topic: 'string',
        partitions: {
          array: {
            errorCode: 'int16',
            partition: 'int32',
            leaderEpoch: ['int32', '0+', { default: -1 }],
            endOffset: ['int64', '0+', { default: -1 }],
          },
        },
      },
    },
  },
} as const;

/** Where the log of a leader epoch ends. */
export const offsetForLeaderEpoch: Api<typeof layout> = api(layout);
