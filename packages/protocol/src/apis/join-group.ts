import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 11,
  name: 'JoinGroup',
  versions: '0-9',
  flexible: '6+',
  request: {
    groupId: 'string',
    sessionTimeoutMs: 'int32',
    rebalanceTimeoutMs: ['int32', '1+', { default: -1, ignorable: true }],
    memberId: 'string',
    groupInstanceId: ['string?', '5+', { default: null }],
    protocolType: 'string',
    protocols: { array: { name: 'string', metadata: 'bytes' } },
    reason: ['string?', '8+', { default: null, ignorable: true }],
  },
  response: {
    throttleTimeMs: ['int32', '2+', { default: 0, ignorable: true }],
    errorCode: 'int16',
    generationId: ['int32', '0+', { default: -1 }],
    protocolType: ['string?', '7+', { default: null, ignorable: true }],
    protocolName: 'string?7+',
    leader: 'string',
    skipAssignment: ['bool', '9+', { default: false }],
    memberId: 'string',
    members: {
      array: {
        memberId: 'string',
        groupInstanceId: ['string?', '5+', { default: null, ignorable: true }],
        metadata: 'bytes',
      },
    },
  },
} as const;

/** Joins a group of any protocol type. */
export const joinGroup: Api<typeof layout> = api(layout);
