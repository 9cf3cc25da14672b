import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 66,
  name: 'ListTransactions',
  versions: '0-2',
  flexible: '0+',
  request: {
    stateFilters: 'string[]',
    producerIdFilters: 'int64[]',
    durationFilter: ['int64', '1+', { default: -1 }],
    transactionalIdPattern: ['string?', '2+', { default: null }],
  },
  response: {
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    errorCode: 'int16',
    unknownStateFilters: 'string[]',
    transactionStates: {
      array: {
        transactionalId: 'string',
        producerId: 'int64',
        transactionState: 'string',
      },
    },
  },
} as const;

/** Transactions that a broker coordinates. */
export const listTransactions: Api<typeof layout> = api(layout);
