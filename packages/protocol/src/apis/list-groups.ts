import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 16,
  name: 'ListGroups',
  versions: '0-5',
  flexible: '3+',
  request: {
    statesFilter: ['string[]', '4+', { default: [] }],
    typesFilter: ['string[]', '5+', { default: [] }],
  },
  response: {
    throttleTimeMs: ['int32', '1+', { default: 0, ignorable: true }],
    errorCode: 'int16',
    groups: {
      array: {
        groupId: 'string',
        protocolType: 'string',
        groupState: ['string', '4+', { ignorable: true }],
        groupType: ['string', '5+', { ignorable: true }],
      },
    },
  },
} as const;

/** Groups that a broker coordinates. */
export const listGroups: Api<typeof layout> = api(layout);
