import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 15,
  name: 'DescribeGroups',
  versions: '0-6',
  flexible: '5+',
  request: {
    groups: 'string[]',
    includeAuthorizedOperations: ['bool', '3+', { default: false }],
  },
  response: {
    throttleTimeMs: ['int32', '1+', { default: 0, ignorable: true }],
    groups: {
      array: {
        errorCode: 'int16',
        errorMessage: ['string?', '6+', { default: null }],
        groupId: 'string',
        groupState: 'string',
        protocolType: 'string',
        protocolData: 'string',
        members: {
          array: {
            memberId: 'string',
            groupInstanceId: ['string?', '4+', { default: null, ignorable: true }],
            clientId: 'string',
            clientHost: 'string',
            memberMetadata: 'bytes',
            memberAssignment: 'bytes',
          },
        },
        authorizedOperations: ['int32', '3+', { default: -2_147_483_648 }],
      },
    },
  },
} as const;

/** State and members of groups. */
export const describeGroups: Api<typeof layout> = api(layout);
