import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 22,
  name: 'InitProducerId',
  versions: '0-6',
  flexible: '2+',
  unstable: '6+',
  request: {
    transactionalId: 'string?',
    transactionTimeoutMs: 'int32',
    producerId: ['int64', '3+', { default: -1 }],
    producerEpoch: ['int16', '3+', { default: -1 }],
    enable2Pc: ['bool', '6+', { default: false }],
    keepPreparedTxn: ['bool', '6+', { default: false }],
  },
  response: {
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    errorCode: 'int16',
    producerId: ['int64', '0+', { default: -1 }],
    producerEpoch: 'int16',
    ongoingTxnProducerId: ['int64', '6+', { default: -1 }],
    ongoingTxnProducerEpoch: ['int16', '6+', { default: -1 }],
  },
} as const;

/** Gets a producer id, and fences earlier producers of a transactional id. */
export const initProducerId: Api<typeof layout> = api(layout);
