import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 10,
  name: 'FindCoordinator',
  versions: '0-6',
  flexible: '3+',
  request: {
    key: ['string', '0-3'],
    keyType: ['int8', '1+', { default: 0 }],
    coordinatorKeys: ['string[]', '4+'],
  },
  response: {
    throttleTimeMs: ['int32', '1+', { default: 0, ignorable: true }],
    errorCode: ['int16', '0-3'],
    errorMessage: ['string?', '1-3', { default: null, ignorable: true }],
    nodeId: ['int32', '0-3'],
    host: ['string', '0-3'],
    port: ['int32', '0-3'],
    coordinators: [
      {
        array: {
          key: 'string',
          nodeId: 'int32',
          host: 'string',
          port: 'int32',
          errorCode: 'int16',
          errorMessage: 'string?',
        },
      },
      '4+',
    ],
  },
} as const;

/** Which broker coordinates a group (type 0) or a transactional id (type 1); several at once since version 4. */
export const findCoordinator: Api<typeof layout> = api(layout);
