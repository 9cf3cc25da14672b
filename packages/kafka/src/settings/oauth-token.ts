import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { KafkaError } from '../errors.ts';
import type { SettingReader } from './setting-reader.ts';

/** Gives a token that is valid now. */
export type TokenSource = () => Promise<string>;

interface Token {
  readonly value: string;
  readonly renewAt: number;
  readonly expiresAt: number;
}

/** Client credentials at a token endpoint, a token in a file, or the unsecured token that Java makes for tests. */
export function createTokenSource(
  reader: SettingReader,
  jaas: Readonly<Record<string, string>>,
): TokenSource | undefined {
  const endpoint = reader.optional('sasl.oauthbearer.token.endpoint.url');
  const id = reader.optional('sasl.oauthbearer.client.credentials.client.id') ?? jaas['clientId'];
  const secret = reader.optional('sasl.oauthbearer.client.credentials.client.secret') ?? jaas['clientSecret'];
  const scope = reader.optional('sasl.oauthbearer.scope') ?? jaas['scope'];
  const timeout = reader.integer('sasl.login.read.timeout.ms', 10_000, 1);
  if (endpoint === undefined) {
    if (Object.keys(jaas).some((option) => option.startsWith('unsecuredLogin'))) {
      return async () => unsecuredToken(jaas, Date.now());
    }
    reader.problem('sasl.oauthbearer.token.endpoint.url', 'must be set for OAUTHBEARER');
    return undefined;
  }
  const url = URL.parse(endpoint);
  if (url === null) {
    reader.problem('sasl.oauthbearer.token.endpoint.url', `${JSON.stringify(endpoint)} is not a URL`);
    return undefined;
  }
  if (url.protocol === 'file:') return async () => (await readFile(fileURLToPath(url), 'utf8')).trim();
  if (id === undefined || secret === undefined) {
    reader.problem('sasl.jaas.config', 'OAUTHBEARER needs the options clientId and clientSecret');
    return undefined;
  }
  return renewed(() => requestToken(url, id, secret, scope, timeout));
}

/** Asks once for all who want a token at the same time, and again before it expires. */
function renewed(request: () => Promise<Token>): TokenSource {
  let current: Token | undefined;
  let asking: Promise<Token> | undefined;
  return async () => {
    if (current !== undefined && current.renewAt > Date.now()) return current.value;
    asking ??= request().finally(() => {
      asking = undefined;
    });
    try {
      current = await asking;
    } catch (error) {
      // The old one still opens the door.
      if (current === undefined || current.expiresAt <= Date.now()) throw error;
    }
    return current.value;
  };
}

async function requestToken(
  url: URL,
  id: string,
  secret: string,
  scope: string | undefined,
  timeout: number,
): Promise<Token> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) });
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
  const failed = (what: string, cause?: unknown): KafkaError =>
    new KafkaError('SASL_AUTHENTICATION_FAILED', `${url.origin}${url.pathname} gave no token: ${what}`, { cause });
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization, accept: 'application/json' },
    body,
    signal: AbortSignal.timeout(timeout),
  }).catch((error: unknown) => {
    throw failed(error instanceof Error ? error.message : String(error), error);
  });
  if (!response.ok) throw failed(`status ${response.status}`);
  const answer = (await response.json()) as { access_token?: unknown; expires_in?: unknown };
  if (typeof answer.access_token !== 'string') throw failed('the answer has no access_token');
  const lifetime = typeof answer.expires_in === 'number' ? answer.expires_in : 60;
  const now = Date.now();
  return { value: answer.access_token, renewAt: now + lifetime * 800, expiresAt: now + lifetime * 1000 };
}

/** The claims of Java's `OAuthBearerUnsecuredLoginCallbackHandler`, from the options that it reads. */
function unsecuredToken(jaas: Readonly<Record<string, string>>, now: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const issued = now / 1000;
  const lifetime = Number(jaas['unsecuredLoginLifetimeSeconds'] ?? 3600);
  const claims = Object.entries(jaas).flatMap(([option, value]): [string, unknown][] => {
    const [, kind, claim] = /^unsecuredLogin(String|Number|List)Claim_(.+)$/.exec(option) ?? [];
    if (kind === undefined || claim === undefined) return [];
    // The first character of a list is what stands between its items.
    const items = kind === 'List' ? value.slice(1).split(value.slice(0, 1)) : [];
    return [[claim, kind === 'List' ? items : kind === 'Number' ? Number(value) : value]];
  });
  const all = { iat: issued, exp: issued + lifetime, ...Object.fromEntries(claims) };
  return `${part({ alg: 'none' })}.${part(all)}.`;
}
