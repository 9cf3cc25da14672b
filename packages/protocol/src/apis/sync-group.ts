import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 14,
  name: 'SyncGroup',
  versions: '0-5',
  flexible: '4+',
  request: {
    groupId: 'string',
    generationId: 'int32',
    memberId: 'string',
    groupInstanceId: ['string?', '3+', { default: null }],
    protocolType: ['string?', '5+', { default: null, ignorable: true }],
    protocolName: ['string?', '5+', { default: null, ignorable: true }],
    assignments: { array: { memberId: 'string', assignment: 'bytes' } },
  },
  response: {
    throttleTimeMs: ['int32', '1+', { default: 0, ignorable: true }],
    errorCode: 'int16',
    protocolType: ['string?', '5+', { default: null, ignorable: true }],
    protocolName: ['string?', '5+', { default: null, ignorable: true }],
    assignment: 'bytes',
  },
} as const;

/** Hands out the leader's assignments. */
export const syncGroup: Api<typeof layout> = api(layout);
