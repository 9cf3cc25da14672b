import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 12,
  name: 'Heartbeat',
  versions: '0-4',
  flexible: '4+',
  request: {
    groupId: 'string',
    generationId: 'int32',
    memberId: 'string',
    groupInstanceId: ['string?', '3+', { default: null }],
  },
  response: {
    throttleTimeMs: ['int32', '1+', { default: 0, ignorable: true }],
    errorCode: 'int16',
  },
} as const;

/** Keeps a member in its group. */
export const heartbeat: Api<typeof layout> = api(layout);
