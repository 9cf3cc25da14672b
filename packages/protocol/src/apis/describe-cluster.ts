import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 60,
  name: 'DescribeCluster',
  versions: '0-2',
  flexible: '0+',
  request: {
    includeClusterAuthorizedOperations: 'bool',
    endpointType: ['int8', '1+', { default: 1 }],
    includeFencedBrokers: ['bool', '2+', { default: false }],
  },
  response: {
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    errorCode: 'int16',
    errorMessage: ['string?', '0+', { default: null }],
    endpointType: ['int8', '1+', { default: 1 }],
    clusterId: 'string',
    controllerId: ['int32', '0+', { default: -1 }],
    brokers: {
      array: {
        brokerId: 'int32',
        host: 'string',
        port: 'int32',
        rack: ['string?', '0+', { default: null }],
        isFenced: ['bool', '2+', { default: false }],
      },
    },
    clusterAuthorizedOperations: ['int32', '0+', { default: -2_147_483_648 }],
  },
} as const;

/** Brokers and the controller. */
export const describeCluster: Api<typeof layout> = api(layout);
