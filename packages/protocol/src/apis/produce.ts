import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 0,
  name: 'Produce',
  versions: '3-13',
  flexible: '9+',
  request: {
    transactionalId: ['string?', '0+', { default: null }],
    acks: 'int16',
    timeoutMs: 'int32',
    topicData: {
      array: {
        name: ['string', '0-12', { ignorable: true }],
        topicId: ['uuid', '13+', { ignorable: true }],
        partitionData: { array: { index: 'int32', records: 'records?' } },
      },
    },
  },
  response: {
    responses: {
      array: {
        name: ['string', '0-12', { ignorable: true }],
        topicId: ['uuid', '13+', { ignorable: true }],
        partitionResponses: {
          array: {
            index: 'int32',
            errorCode: 'int16',
            baseOffset: 'int64',
            logAppendTimeMs: ['int64', '0+', { default: -1 }],
            logStartOffset: ['int64', '5+', { default: -1, ignorable: true }],
            recordErrors: [
              { array: { batchIndex: 'int32', batchIndexErrorMessage: ['string?', '0+', { default: null }] } },
              '8+',
              { default: [], ignorable: true },
            ],
            errorMessage: ['string?', '8+', { default: null, ignorable: true }],
            currentLeader: [
              { struct: { leaderId: ['int32', '0+', { default: -1 }], leaderEpoch: ['int32', '0+', { default: -1 }] } },
              '10+',
              { tag: 0 },
            ],
          },
        },
      },
    },
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    nodeEndpoints: [
      {
        array: {
          nodeId: 'int32',
          host: 'string',
          port: 'int32',
          rack: ['string?', '0+', { default: null }],
        },
      },
      '10+',
      { tag: 0 },
    ],
  },
} as const;

/** Appends record batches. Version 12 and later join the partition to the transaction by themselves; version 13 names topics by id. */
export const produce: Api<typeof layout> = api(layout);
