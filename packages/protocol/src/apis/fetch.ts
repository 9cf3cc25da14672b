import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 1,
  name: 'Fetch',
  versions: '4-18',
  flexible: '12+',
  request: {
    clusterId: ['string?', '12+', { default: null, tag: 0, ignorable: true }],
    replicaId: ['int32', '0-14', { default: -1 }],
    replicaState: [
      { struct: { replicaId: ['int32', '0+', { default: -1 }], replicaEpoch: ['int64', '0+', { default: -1 }] } },
      '15+',
      { tag: 1 },
    ],
    maxWaitMs: 'int32',
    minBytes: 'int32',
    maxBytes: ['int32', '0+', { default: 0x7fff_ffff }],
    isolationLevel: ['int8', '0+', { default: 0 }],
    sessionId: ['int32', '7+', { default: 0, ignorable: true }],
    sessionEpoch: ['int32', '7+', { default: -1, ignorable: true }],
    topics: {
      array: {
        topic: ['string', '0-12', { ignorable: true }],
        topicId: ['uuid', '13+', { ignorable: true }],
        partitions: {
          array: {
            partition: 'int32',
            currentLeaderEpoch: ['int32', '9+', { default: -1, ignorable: true }],
            fetchOffset: 'int64',
            lastFetchedEpoch: ['int32', '12+', { default: -1 }],
            logStartOffset: ['int64', '5+', { default: -1, ignorable: true }],
            partitionMaxBytes: 'int32',
            replicaDirectoryId: ['uuid', '17+', { tag: 0, ignorable: true }],
            highWatermark: ['bigint64', '18+', { default: 9_223_372_036_854_775_807n, tag: 1, ignorable: true }],
          },
        },
      },
    },
    forgottenTopicsData: [
      {
        array: {
          topic: ['string', '0-12', { ignorable: true }],
          topicId: ['uuid', '13+', { ignorable: true }],
          partitions: 'int32[]',
        },
      },
      '7+',
      { default: [] },
    ],
    rackId: ['string', '11+', { default: '', ignorable: true }],
  },
  response: {
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    errorCode: ['int16', '7+', { default: 0, ignorable: true }],
    sessionId: ['int32', '7+', { default: 0 }],
    responses: {
      array: {
        topic: ['string', '0-12', { ignorable: true }],
        topicId: ['uuid', '13+', { ignorable: true }],
        partitions: {
          array: {
            partitionIndex: 'int32',
            errorCode: 'int16',
            highWatermark: 'int64',
            lastStableOffset: ['int64', '0+', { default: -1 }],
            logStartOffset: ['int64', '5+', { default: -1, ignorable: true }],
            divergingEpoch: [
              { struct: { epoch: ['int32', '0+', { default: -1 }], endOffset: ['int64', '0+', { default: -1 }] } },
              '12+',
              { tag: 0 },
            ],
            currentLeader: [
              { struct: { leaderId: ['int32', '0+', { default: -1 }], leaderEpoch: ['int32', '0+', { default: -1 }] } },
              '12+',
              { tag: 1 },
            ],
            snapshotId: [
              { struct: { endOffset: ['int64', '0+', { default: -1 }], epoch: ['int32', '0+', { default: -1 }] } },
              '12+',
              { tag: 2 },
            ],
            abortedTransactions: { array: { producerId: 'int64', firstOffset: 'int64' }, nullable: '0+' },
            preferredReadReplica: ['int32', '11+', { default: -1 }],
            records: 'records?',
          },
        },
      },
    },
    nodeEndpoints: [
      {
        array: {
          nodeId: 'int32',
          host: 'string',
          port: 'int32',
          rack: ['string?', '0+', { default: null }],
        },
      },
      '16+',
      { tag: 0 },
    ],
  },
} as const;

/** Reads record batches, with sessions since version 7; version 13 and later name topics by id. */
export const fetch: Api<typeof layout> = api(layout);
