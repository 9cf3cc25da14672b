import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 27,
  name: 'WriteTxnMarkers',
  versions: '1-2',
  flexible: '1+',
  request: {
    markers: {
      array: {
        producerId: 'int64',
        producerEpoch: 'int16',
        transactionResult: 'bool',
        topics: { array: { name: 'string', partitionIndexes: 'int32[]' } },
        coordinatorEpoch: 'int32',
        transactionVersion: ['int8', '2+', { default: 0, ignorable: true }],
      },
    },
  },
  response: {
    markers: {
      array: {
        producerId: 'int64',
        topics: {
          array: {
            name: 'string',
            partitions: { array: { partitionIndex: 'int32', errorCode: 'int16' } },
          },
        },
      },
    },
  },
} as const;

/** Writes commit and abort markers; sent by transaction coordinators. */
export const writeTxnMarkers: Api<typeof layout> = api(layout);
