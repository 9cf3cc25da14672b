import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 19,
  name: 'CreateTopics',
  versions: '2-7',
  flexible: '5+',
  request: {
    topics: {
      array: {
        name: 'string',
        numPartitions: 'int32',
        replicationFactor: 'int16',
        assignments: { array: { partitionIndex: 'int32', brokerIds: 'int32[]' } },
        configs: { array: { name: 'string', value: 'string?' } },
      },
    },
    timeoutMs: ['int32', '0+', { default: 60000 }],
    validateOnly: ['bool', '0+', { default: false }],
  },
  response: {
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    topics: {
      array: {
        name: 'string',
        topicId: ['uuid', '7+', { ignorable: true }],
        errorCode: 'int16',
        errorMessage: 'string?',
        topicConfigErrorCode: ['int16', '5+', { tag: 0, ignorable: true }],
        numPartitions: ['int32', '5+', { default: -1, ignorable: true }],
        replicationFactor: ['int16', '5+', { default: -1, ignorable: true }],
        configs: [
          {
            array: {
              name: 'string',
              value: 'string?',
              readOnly: 'bool',
              configSource: ['int8', '0+', { default: -1 }],
              isSensitive: 'bool',
            },
            nullable: '0+',
          },
          '5+',
          { ignorable: true },
        ],
      },
    },
  },
} as const;

/** Creates topics. */
export const createTopics: Api<typeof layout> = api(layout);
