import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 61,
  name: 'DescribeProducers',
  versions: '0',
  flexible: '0+',
  request: {
    topics: { array: { name: 'string', partitionIndexes: 'int32[]' } },
  },
  response: {
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    topics: {
      array: {
        name: 'string',
        partitions: {
          array: {
            partitionIndex: 'int32',
            errorCode: 'int16',
            errorMessage: ['string?', '0+', { default: null }],
            activeProducers: {
              array: {
                producerId: 'int64',
                producerEpoch: 'int32',
                lastSequence: ['int32', '0+', { default: -1 }],
                lastTimestamp: ['int64', '0+', { default: -1 }],
                coordinatorEpoch: 'int32',
                currentTxnStartOffset: ['int64', '0+', { default: -1 }],
              },
            },
          },
        },
      },
    },
  },
} as const;

/** Producers that are active on partitions. */
export const describeProducers: Api<typeof layout> = api(layout);
