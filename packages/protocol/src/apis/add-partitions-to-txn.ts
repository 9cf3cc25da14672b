import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 24,
  name: 'AddPartitionsToTxn',
  versions: '0-5',
  flexible: '3+',
  request: {
    transactions: [
      {
        array: {
          transactionalId: 'string',
          producerId: 'int64',
          producerEpoch: 'int16',
          verifyOnly: ['bool', '0+', { default: false }],
          topics: { array: { name: 'string', partitions: 'int32[]' } },
        },
      },
      '4+',
    ],
    v3AndBelowTransactionalId: ['string', '0-3'],
    v3AndBelowProducerId: ['int64', '0-3'],
    v3AndBelowProducerEpoch: ['int16', '0-3'],
    v3AndBelowTopics: [{ array: { name: 'string', partitions: 'int32[]' } }, '0-3'],
  },
  response: {
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    errorCode: ['int16', '4+', { default: 0, ignorable: true }],
    resultsByTransaction: [
      {
        array: {
          transactionalId: 'string',
          topicResults: {
            array: {
              name: 'string',
              resultsByPartition: { array: { partitionIndex: 'int32', partitionErrorCode: 'int16' } },
            },
          },
        },
      },
      '4+',
    ],
    resultsByTopicV3AndBelow: [
      {
        array: {
          name: 'string',
          resultsByPartition: { array: { partitionIndex: 'int32', partitionErrorCode: 'int16' } },
        },
      },
      '0-3',
    ],
  },
} as const;

/** Adds partitions to a transaction: from clients up to version 3, from brokers and in batches since version 4. */
export const addPartitionsToTxn: Api<typeof layout> = api(layout);
