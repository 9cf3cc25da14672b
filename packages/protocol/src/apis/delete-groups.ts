import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 42,
  name: 'DeleteGroups',
  versions: '0-2',
  flexible: '2+',
  request: {
    groupsNames: 'string[]',
  },
  response: {
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    results: { array: { groupId: 'string', errorCode: 'int16' } },
  },
} as const;

/** Deletes empty groups. */
export const deleteGroups: Api<typeof layout> = api(layout);
