import { parseJaas } from './jaas.ts';
import { createTokenSource, type TokenSource } from './oauth-token.ts';
import type { SettingReader } from './setting-reader.ts';

/** How a client proves who it is. */
export type SaslSettings =
  | {
      readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
      readonly username: string;
      readonly password: string;
    }
  | { readonly mechanism: 'OAUTHBEARER'; readonly token: TokenSource; readonly extensions: Record<string, string> };

const mechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const;
const modules: Readonly<Record<(typeof mechanisms)[number], string>> = {
  PLAIN: 'PlainLoginModule',
  'SCRAM-SHA-256': 'ScramLoginModule',
  'SCRAM-SHA-512': 'ScramLoginModule',
  OAUTHBEARER: 'OAuthBearerLoginModule',
};

export function readSasl(reader: SettingReader): SaslSettings | undefined {
  const stated = reader.text('sasl.mechanism', 'GSSAPI').toUpperCase();
  const mechanism = mechanisms.find((name) => name === stated);
  if (mechanism === undefined) {
    reader.problem('sasl.mechanism', `${stated} is not supported, only ${mechanisms.join(', ')}`);
    return undefined;
  }
  for (const name of ['sasl.login.callback.handler.class', 'sasl.client.callback.handler.class', 'sasl.login.class']) {
    const handler = reader.optional(name);
    if (handler !== undefined && !handler.endsWith('.OAuthBearerLoginCallbackHandler')) {
      reader.problem(name, 'is not supported: a Java class cannot be loaded here');
    }
  }
  const jaas = readJaas(reader, modules[mechanism]);
  if (jaas === undefined) return undefined;
  if (mechanism === 'OAUTHBEARER') {
    const extensions = Object.entries(jaas)
      .filter(([name]) => name.startsWith('extension_'))
      .map(([name, value]) => [name.slice('extension_'.length), value] as const);
    const token = createTokenSource(reader, jaas);
    return token && { mechanism, token, extensions: Object.fromEntries(extensions) };
  }
  const { username, password } = jaas;
  if (username === undefined || password === undefined) {
    reader.problem('sasl.jaas.config', `${modules[mechanism]} needs the options username and password`);
    return undefined;
  }
  return { mechanism, username, password };
}

function readJaas(reader: SettingReader, module: string): Readonly<Record<string, string>> | undefined {
  const text = reader.optional('sasl.jaas.config');
  if (text === undefined) {
    reader.problem('sasl.jaas.config', 'must be set with this security.protocol');
    return undefined;
  }
  try {
    const entry = parseJaas(text);
    if (entry.module.split('.').at(-1) === module) return entry.options;
    reader.problem('sasl.jaas.config', `names ${entry.module}; this sasl.mechanism needs ${module}`);
  } catch (error) {
    reader.problem('sasl.jaas.config', error instanceof Error ? error.message : String(error));
  }
  return undefined;
}
