import { type Api, api } from '../messages/api.ts';

const layout = {
  key: 17,
  name: 'SaslHandshake',
  versions: '0-1',
  flexible: 'none',
  request: {
    mechanism: 'string',
  },
  response: {
    errorCode: 'int16',
    mechanisms: 'string[]',
  },
} as const;

/** Names the SASL mechanism. */
export const saslHandshake: Api<typeof layout> = api(layout);
