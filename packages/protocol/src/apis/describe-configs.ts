import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 32,
  name: 'DescribeConfigs',
  versions: '1-4',
  flexible: '4+',
  request: {
    resources: {
      array: {
        resourceType: 'int8',
        resourceName: 'string',
        configurationKeys: 'string[]?',
      },
    },
    includeSynonyms: ['bool', '0+', { default: false }],
    includeDocumentation: ['bool', '3+', { default: false }],
  },
  response: {
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    results: {
      array: {
        errorCode: 'int16',
        errorMessage: 'string?',
        resourceType: 'int8',
        resourceName: 'string',
        configs: {
          array: {
            name: 'string',
            value: 'string?',
            readOnly: 'bool',
            configSource: ['int8', '0+', { default: -1 }],
            isSensitive: 'bool',
            synonyms: {
              array: {
                name: 'string',
                value: 'string?',
                source: 'int8',
              },
            },
            configType: ['int8', '3+', { default: 0, ignorable: true }],
            documentation: ['string?', '3+', { default: null, ignorable: true }],
          },
        },
      },
    },
  },
} as const;

/** Configuration of topics (resource type 2) and brokers (4). */
export const describeConfigs: Api<typeof layout> = api(layout);
