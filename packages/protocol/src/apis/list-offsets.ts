import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 2,
  name: 'ListOffsets',
  versions: '1-11',
  flexible: '6+',
  request: {
    replicaId: 'int32',
    isolationLevel: ['int8', '2+', { default: 0 }],
    topics: {
      array: {
        name: 'string',
        partitions: {
          array: {
            partitionIndex: 'int32',
            currentLeaderEpoch: ['int32', '4+', { default: -1, ignorable: true }],
            timestamp: 'int64',
          },
        },
      },
    },
    timeoutMs: ['int32', '10+', { ignorable: true }],
  },
  response: {
    throttleTimeMs: ['int32', '2+', { default: 0, ignorable: true }],
    topics: {
      array: {
        name: 'string',
        partitions: {
          array: {
            partitionIndex: 'int32',
            errorCode: 'int16',
            timestamp: ['int64', '0+', { default: -1 }],
            offset: ['int64', '0+', { default: -1 }],
            leaderEpoch: ['int32', '4+', { default: -1 }],
          },
        },
      },
    },
  },
} as const;

/** Offsets by timestamp: -1 the latest, -2 the earliest, -3 that of the largest timestamp. */
export const listOffsets: Api<typeof layout> = api(layout);
