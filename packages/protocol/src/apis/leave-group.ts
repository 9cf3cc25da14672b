import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 13,
  name: 'LeaveGroup',
  versions: '0-5',
  flexible: '4+',
  request: {
    groupId: 'string',
    memberId: ['string', '0-2'],
    members: [
      {
        array: {
          memberId: 'string',
          groupInstanceId: ['string?', '0+', { default: null }],
          reason: ['string?', '5+', { default: null, ignorable: true }],
        },
      },
      '3+',
    ],
  },
  response: {
    throttleTimeMs: ['int32', '1+', { default: 0, ignorable: true }],
    errorCode: 'int16',
    members: [
      {
        array: {
          memberId: 'string',
          groupInstanceId: 'string?',
          errorCode: 'int16',
        },
      },
      '3+',
    ],
  },
} as const;

/** Leaves a group; several members at once since version 3. */
export const leaveGroup: Api<typeof layout> = api(layout);
