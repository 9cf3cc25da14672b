import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 44,
  name: 'IncrementalAlterConfigs',
  versions: '0-1',
  flexible: '1+',
  request: {
    resources: {
      array: {
        resourceType: 'int8',
        resourceName: 'string',
        configs: {
          array: {
            name: 'string',
            configOperation: 'int8',
            value: 'string?',
          },
        },
      },
    },
    validateOnly: 'bool',
  },
  response: {
    throttleTimeMs: ['int32', '0+', { default: 0 }],
    responses: {
      array: {
        errorCode: 'int16',
        errorMessage: 'string?',
        resourceType: 'int8',
        resourceName: 'string',
      },
    },
  },
} as const;

/** Changes single configuration entries: set (0), delete (1), append (2), subtract (3). */
export const incrementalAlterConfigs: Api<typeof layout> = api(layout);
