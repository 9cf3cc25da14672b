/** What `access.control.allow.*` of the worker says about scripts of other sites. */
export interface CorsRules {
  /** `*` for all; empty: scripts of other sites see no answer. */
  readonly origins: readonly string[];
  readonly methods: readonly string[];
}

export function readCorsRules(properties: Readonly<Record<string, string>>): CorsRules {
  const listOf = (key: string) =>
    (properties[key] ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  const methods = listOf('access.control.allow.methods');
  return {
    origins: listOf('access.control.allow.origin'),
    methods: methods.length === 0 ? ['GET', 'POST', 'HEAD'] : methods,
  };
}

/** The headers of an answer to a request of that origin. */
export function corsHeaders({ origins }: CorsRules, origin: string | undefined): Readonly<Record<string, string>> {
  if (origin === undefined || origins.length === 0) return {};
  if (!origins.includes('*') && !origins.includes(origin)) return {};
  return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true', Vary: 'Origin' };
}

/** The answer to a browser that asks before it sends; `undefined` when the origin may not. */
export function preflightHeaders(
  rules: CorsRules,
  origin: string | undefined,
): Readonly<Record<string, string>> | undefined {
  const headers = corsHeaders(rules, origin);
  if (Object.keys(headers).length === 0) return undefined;
  return {
    ...headers,
    'Access-Control-Allow-Methods': rules.methods.join(','),
    'Access-Control-Allow-Headers': 'X-Requested-With,Content-Type,Accept,Origin',
    'Access-Control-Max-Age': '1800',
  };
}
