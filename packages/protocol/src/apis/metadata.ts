import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 3,
  name: 'Metadata',
  versions: '0-13',
  flexible: '9+',
  request: {
    topics: {
      array: { topicId: ['uuid', '10+', { default: 'AAAAAAAAAAAAAAAAAAAAAA', ignorable: true }], name: 'string?10+' },
      nullable: '1+',
    },
    allowAutoTopicCreation: ['bool', '4+', { default: true }],
    includeClusterAuthorizedOperations: ['bool', '8-10', { default: false }],
    includeTopicAuthorizedOperations: ['bool', '8+', { default: false }],
  },
  response: {
    throttleTimeMs: ['int32', '3+', { default: 0, ignorable: true }],
    brokers: {
      array: {
        nodeId: 'int32',
        host: 'string',
        port: 'int32',
        rack: ['string?', '1+', { default: null, ignorable: true }],
      },
    },
    clusterId: ['string?', '2+', { default: null, ignorable: true }],
    controllerId: ['int32', '1+', { default: -1, ignorable: true }],
    topics: {
      array: {
        errorCode: 'int16',
        name: 'string?12+',
        topicId: ['uuid', '10+', { ignorable: true }],
        isInternal: ['bool', '1+', { default: false, ignorable: true }],
        partitions: {
          array: {
            errorCode: 'int16',
            partitionIndex: 'int32',
            leaderId: 'int32',
            leaderEpoch: ['int32', '7+', { default: -1, ignorable: true }],
            replicaNodes: 'int32[]',
            isrNodes: 'int32[]',
            offlineReplicas: ['int32[]', '5+', { default: [], ignorable: true }],
          },
        },
        topicAuthorizedOperations: ['int32', '8+', { default: -2_147_483_648 }],
      },
    },
    clusterAuthorizedOperations: ['int32', '8-10', { default: -2_147_483_648 }],
    errorCode: ['int16', '13+', { default: 0, ignorable: true }],
  },
} as const;

/** Brokers, topics, partitions and their leaders. */
export const metadata: Api<typeof layout> = api(layout);
