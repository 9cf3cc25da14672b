import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 9,
  name: 'OffsetFetch',
  versions: '1-10',
  flexible: '6+',
  request: {
    groupId: ['string', '0-7'],
    topics: [{ array: { name: 'string', partitionIndexes: 'int32[]' }, nullable: '2-7' }, '0-7'],
    groups: [
      {
        array: {
          groupId: 'string',
          memberId: ['string?', '9+', { default: null, ignorable: true }],
          memberEpoch: ['int32', '9+', { default: -1, ignorable: true }],
          topics: {
            array: {
              name: ['string', '0-9', { ignorable: true }],
              topicId: ['uuid', '10+', { ignorable: true }],
              partitionIndexes: 'int32[]',
            },
            nullable: '0+',
          },
        },
      },
      '8+',
    ],
    requireStable: ['bool', '7+', { default: false }],
  },
  response: {
    throttleTimeMs: ['int32', '3+', { default: 0, ignorable: true }],
    topics: [
      {
        array: {
          name: 'string',
          partitions: {
            array: {
              partitionIndex: 'int32',
              committedOffset: 'int64',
              committedLeaderEpoch: ['int32', '5+', { default: -1, ignorable: true }],
              metadata: 'string?',
              errorCode: 'int16',
            },
          },
        },
      },
      '0-7',
    ],
    errorCode: ['int16', '2-7', { default: 0, ignorable: true }],
    groups: [
      {
        array: {
          groupId: 'string',
          topics: {
            array: {
              name: ['string', '0-9', { ignorable: true }],
              topicId: ['uuid', '10+', { ignorable: true }],
              partitions: {
                array: {
                  partitionIndex: 'int32',
                  committedOffset: 'int64',
                  committedLeaderEpoch: ['int32', '0+', { default: -1 }],
                  metadata: 'string?',
                  errorCode: 'int16',
                },
              },
            },
          },
          errorCode: ['int16', '0+', { default: 0 }],
        },
      },
      '8+',
    ],
  },
} as const;

/** Committed offsets; of several groups at once since version 8. */
export const offsetFetch: Api<typeof layout> = api(layout);
