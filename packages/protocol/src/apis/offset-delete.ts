import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 47,
  name: 'OffsetDelete',
  versions: '0',
  flexible: 'none',
  request: {
    groupId: 'string',
    topics: { array: { name: 'string', partitions: { array: { partitionIndex: 'int32' } } } },
  },
  response: {
    errorCode: 'int16',
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    topics: {
      array: {
        name: 'string',
        partitions: { array: { partitionIndex: 'int32', errorCode: 'int16' } },
      },
    },
  },
} as const;

/** Deletes committed offsets of a group. */
export const offsetDelete: Api<typeof layout> = api(layout);
