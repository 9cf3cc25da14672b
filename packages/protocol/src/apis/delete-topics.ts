import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 20,
  name: 'DeleteTopics',
  versions: '1-6',
  flexible: '4+',
  request: {
    topics: [{ array: { name: ['string?', '0+', { default: null }], topicId: 'uuid' } }, '6+'],
    topicNames: ['string[]', '0-5', { default: [], ignorable: true }],
    timeoutMs: 'int32',
  },
  response: {
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    responses: {
      array: {
        name: 'string?6+',
        topicId: ['uuid', '6+', { ignorable: true }],
        errorCode: 'int16',
        errorMessage: ['string?', '5+', { default: null, ignorable: true }],
      },
    },
  },
} as const;

/** Deletes topics; by id too since version 6. */
export const deleteTopics: Api<typeof layout> = api(layout);
