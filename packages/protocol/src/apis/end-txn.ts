import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 26,
  name: 'EndTxn',
  versions: '0-5',
  flexible: '3+',
  request: {
    transactionalId: 'string',
    producerId: 'int64',
    producerEpoch: 'int16',
    committed: 'bool',
  },
  response: {
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    errorCode: 'int16',
    producerId: ['int64', '5+', { default: -1, ignorable: true }],
    producerEpoch: ['int16', '5+', { default: -1, ignorable: true }],
  },
} as const;

/** Commits or aborts a transaction; version 5 answers with the next producer id and epoch. */
export const endTxn: Api<typeof layout> = api(layout);
