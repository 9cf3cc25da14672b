import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 18,
  name: 'ApiVersions',
  versions: '0-4',
  flexible: '3+',
  request: {
    clientSoftwareName: ['string', '3+', { ignorable: true }],
    clientSoftwareVersion: ['string', '3+', { ignorable: true }],
  },
  response: {
    errorCode: 'int16',
    apiKeys: {
      array: {
        apiKey: 'int16',
        minVersion: 'int16',
        maxVersion: 'int16',
      },
    },
    throttleTimeMs: ['int32', '1+', { default: 0, ignorable: true }],
    supportedFeatures: [
      {
        array: {
          name: 'string',
          minVersion: 'int16',
          maxVersion: 'int16',
        },
      },
      '3+',
      { tag: 0, ignorable: true },
    ],
    finalizedFeaturesEpoch: ['int64', '3+', { default: -1, tag: 1, ignorable: true }],
    finalizedFeatures: [
      {
        array: {
          name: 'string',
          maxVersionLevel: 'int16',
          minVersionLevel: 'int16',
        },
      },
      '3+',
      { tag: 2, ignorable: true },
    ],
    zkMigrationReady: ['bool', '3+', { default: false, tag: 3, ignorable: true }],
  },
} as const;

/** Which APIs and versions a broker accepts. Version 3 and later are answered with a version 0 header. */
export const apiVersions: Api<typeof layout> = api(layout);
