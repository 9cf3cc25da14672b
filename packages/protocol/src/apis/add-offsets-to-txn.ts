import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 25,
  name: 'AddOffsetsToTxn',
  versions: '0-4',
  flexible: '3+',
  request: {
    transactionalId: 'string',
    producerId: 'int64',
    producerEpoch: 'int16',
    groupId: 'string',
  },
  response: {
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    errorCode: 'int16',
  },
} as const;

/** Adds a group's offsets to a transaction. */
export const addOffsetsToTxn: Api<typeof layout> = api(layout);
