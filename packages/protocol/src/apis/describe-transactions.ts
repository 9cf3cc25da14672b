import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 65,
  name: 'DescribeTransactions',
  versions: '0',
  flexible: '0+',
  request: {
    transactionalIds: 'string[]',
  },
  response: {
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    transactionStates: {
      array: {
        errorCode: 'int16',
        transactionalId: 'string',
        transactionState: 'string',
        transactionTimeoutMs: 'int32',
        transactionStartTimeMs: 'int64',
        producerId: 'int64',
        producerEpoch: 'int16',
        topics: { array: { topic: 'string', partitions: 'int32[]' } },
      },
    },
  },
} as const;

/** State of transactions. */
export const describeTransactions: Api<typeof layout> = api(layout);
