import { type ConfigKey, int, list, oneOf, string } from '@millrace/api';

export type RestWorkerKeys = {
  readonly listeners: ConfigKey<readonly string[]>;
  readonly adminListeners: ConfigKey<readonly string[] | null>;
  readonly restAdvertisedHostName: ConfigKey<string | null>;
  readonly restAdvertisedPort: ConfigKey<number | null>;
  readonly restAdvertisedListener: ConfigKey<string | null>;
  readonly accessControlAllowOrigin: ConfigKey<string>;
  readonly accessControlAllowMethods: ConfigKey<string>;
  readonly responseHttpHeadersConfig: ConfigKey<string>;
  readonly restExtensionClasses: ConfigKey<readonly string[]>;
  readonly sslClientAuth: ConfigKey<'required' | 'requested' | 'none'>;
};

/** The keys of the REST server. Its certificates are in `listeners.https.ssl.…` or `ssl.…`. */
export const restWorkerKeys: RestWorkerKeys = {
  listeners: list('listeners', {
    doc: 'Where REST is served: URLs of http or https, separated by commas. An empty host is loopback, 0.0.0.0 is everywhere.',
    default: ['http://:8083'],
    validate: checkListeners,
    importance: 'low',
  }),
  adminListeners: list('admin.listeners', {
    doc: 'Where `/admin` is served. Left out: on `listeners`; empty: nowhere.',
    default: null,
    unique: true,
    validate: (urls) => (urls.length === 0 ? undefined : checkListeners(urls)),
    importance: 'low',
  }),
  restAdvertisedHostName: string('rest.advertised.host.name', {
    doc: 'Host by which other workers reach this one.',
    default: null,
    importance: 'low',
  }),
  restAdvertisedPort: int('rest.advertised.port', {
    doc: 'Port by which other workers reach this one.',
    default: null,
    importance: 'low',
  }),
  restAdvertisedListener: string('rest.advertised.listener', {
    doc: 'Whether other workers use `http` or `https`.',
    default: null,
    validate: (text) => (/^https?$/i.test(text) ? undefined : 'It must be http or https'),
    importance: 'low',
  }),
  accessControlAllowOrigin: string('access.control.allow.origin', {
    doc: 'Origins whose pages may use REST, separated by commas; `*` stands for all. Empty: none.',
    default: '',
    importance: 'low',
  }),
  accessControlAllowMethods: string('access.control.allow.methods', {
    doc: 'Methods that pages of other origins may use. Empty: GET, POST and HEAD.',
    default: '',
    importance: 'low',
  }),
  responseHttpHeadersConfig: string('response.http.headers.config', {
    doc: 'Headers of REST answers: rules such as `set X-Frame-Options: DENY`, separated by commas.',
    default: '',
    validate: checkHeaderRules,
    importance: 'low',
  }),
  restExtensionClasses: list('rest.extension.classes', {
    doc: 'Java classes that extend REST. They need a JVM: a worker that is told to load one does not start.',
    default: [],
    unique: true,
    importance: 'low',
  }),
  sslClientAuth: oneOf('ssl.client.auth', ['required', 'requested', 'none'], {
    doc: 'Whether REST over TLS asks its clients for a certificate.',
    default: 'none',
    importance: 'low',
  }),
};

function checkListeners(urls: readonly string[]): string | undefined {
  if (urls.length === 0) return 'At least one URL is expected, ex: http://localhost:8080,https://localhost:8443.';
  if (urls.includes('')) return 'Empty URL found when parsing listeners list.';
  const wrong = urls.find((url) => !/^https?:\/\/[^/?#@\s]*:\d{1,5}\/?$/i.test(url));
  return wrong === undefined ? undefined : `${wrong} is no address: write http://host:port or https://host:port`;
}

const actions = ['set', 'add', 'setDate', 'addDate'];

/** In Java's words. */
function checkHeaderRules(text: string): string | undefined {
  const rules = (text.match(/(?:"[^"]*"|[^,"])+/g) ?? []).map((rule) => rule.replaceAll('"', '').trim());
  for (const rule of rules) {
    const [action = '', header] = splitOnce(rule);
    if (header === undefined) {
      return `Invalid format of header config '${rule}'. Expected: '[action] [header name]:[header value]'`;
    }
    if (!actions.some((known) => known.toLowerCase() === action.toLowerCase())) {
      return `Invalid header config action: '${action}'. Expected one of [${actions.join(', ')}]`;
    }
    const [name = '', value, rest] = header.split(':');
    if (value === undefined || rest !== undefined) {
      return `Invalid format of header name and header value pair '${header}'. Expected: '[header name]:[header value]'`;
    }
    if (name.trim() === '' || /\s/.test(name.trim())) {
      return `Invalid header name '${name.trim()}'. The '[header name]' cannot contain whitespace`;
    }
  }
  return undefined;
}

function splitOnce(rule: string): readonly string[] {
  const blank = /\s+/.exec(rule);
  return blank === null ? [rule] : [rule.slice(0, blank.index), rule.slice(blank.index + blank[0].length)];
}
