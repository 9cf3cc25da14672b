import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 33,
  name: 'AlterConfigs',
  versions: '0-2',
  flexible: '2+',
  request: {
    resources: {
      array: {
        resourceType: 'int8',
        resourceName: 'string',
        configs: { array: { name: 'string', value: 'string?' } },
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

/** Replaces configurations as a whole. */
export const alterConfigs: Api<typeof layout> = api(layout);
