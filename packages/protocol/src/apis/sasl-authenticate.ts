import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 36,
  name: 'SaslAuthenticate',
  versions: '0-2',
  flexible: '2+',
  request: {
    authBytes: 'bytes',
  },
  response: {
    errorCode: 'int16',
    errorMessage: 'string?',
    authBytes: 'bytes',
    sessionLifetimeMs: ['int64', '1+', { default: 0, ignorable: true }],
  },
} as const;

/** Carries the SASL exchange. */
export const saslAuthenticate: Api<typeof layout> = api(layout);
