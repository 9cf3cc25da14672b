import type { SaslSettings } from '../settings/sasl.ts';

type TokenLogin = Extract<SaslSettings, { readonly mechanism: 'OAUTHBEARER' }>;

/** How kafkajs hands a message of the mechanism to the broker. Both ways the size of the bytes stands before them. */
type Exchange = (message: {
  readonly request: { encode(): Promise<Buffer> };
  readonly response: { decode(bytes: Buffer): Promise<Buffer>; parse(bytes: Buffer): Promise<Buffer> };
}) => Promise<Buffer>;

interface Authenticator {
  authenticate(): Promise<void>;
}

/**
 * Logs in with a token as in RFC 7628. The one of kafkajs takes a token that the broker has refused for accepted: the answer
 * is then a challenge with the reason, and the refusal itself comes only after the client has confirmed that.
 */
export function tokenAuthenticator(
  login: TokenLogin,
): (broker: { readonly saslAuthenticate: Exchange }) => Authenticator {
  return ({ saslAuthenticate }) => ({
    async authenticate() {
      const exchange = (message: string): Promise<Buffer> => {
        const size = Buffer.alloc(4);
        size.writeInt32BE(Buffer.byteLength(message));
        return saslAuthenticate({
          request: { encode: async () => Buffer.concat([size, Buffer.from(message)]) },
          response: { decode: async (bytes) => bytes.subarray(4), parse: async (bytes) => bytes },
        });
      };
      const pairs = [['auth', `Bearer ${await login.token()}`], ...Object.entries(login.extensions)];
      const challenge = await exchange(`n,,\x01${pairs.map(([key, value]) => `${key}=${value}\x01`).join('')}\x01`);
      if (challenge.length === 0) return;
      await exchange('\x01');
      throw new Error(`the broker has refused the token: ${challenge.toString()}`);
    },
  });
}
