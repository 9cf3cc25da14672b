import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 37,
  name: 'CreatePartitions',
  versions: '0-3',
  flexible: '2+',
  request: {
    topics: {
      array: {
        name: 'string',
        count: 'int32',
        assignments: { array: { brokerIds: 'int32[]' }, nullable: '0+' },
      },
    },
    timeoutMs: 'int32',
    validateOnly: 'bool',
  },
  response: {
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    results: {
      array: {
        name: 'string',
        errorCode: 'int16',
        errorMessage: ['string?', '0+', { default: null }],
      },
    },
  },
} as const;

/** Adds partitions to topics. */
export const createPartitions: Api<typeof layout> = api(layout);
