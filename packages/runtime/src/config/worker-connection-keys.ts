import {
  boolean,
  type ConfigKey,
  type ConfigKeys,
  classRef,
  double,
  type Importance,
  int,
  list,
  long,
  oneOf,
  password,
  short,
  string,
} from '@millrace/api';

/**
 * TLS of the worker's clients and of REST. The worker only checks these keys: those who use them read them by name.
 */
export const tlsKeys: ConfigKeys = byName(
  text('ssl.protocol', 'TLSv1.3', 'Protocol of TLS; ssl.enabled.protocols says which are spoken.', 'medium'),
  text('ssl.provider', null, 'Security provider of the JVM.', 'medium'),
  list('ssl.cipher.suites', {
    doc: 'Cipher suites; all of them when left out.',
    unique: true,
    default: [],
    importance: 'low',
  }),
  list('ssl.enabled.protocols', {
    doc: 'Versions of TLS that are spoken.',
    unique: true,
    default: ['TLSv1.2', 'TLSv1.3'],
  }),
  text('ssl.keystore.type', 'JKS', 'Format of the key store: JKS, PKCS12 or PEM.', 'medium'),
  text('ssl.keystore.location', null, 'File with key and certificate.', 'high'),
  secret('ssl.keystore.password', 'Password of the key store.', 'high'),
  secret('ssl.key.password', 'Password of the key itself.', 'high'),
  secret('ssl.keystore.key', 'The key itself, as PEM.', 'high'),
  secret('ssl.keystore.certificate.chain', 'Its certificates, as PEM.', 'high'),
  secret('ssl.truststore.certificates', 'Certificates that are trusted, as PEM.', 'high'),
  text('ssl.truststore.type', 'JKS', 'Format of the trust store: JKS, PKCS12 or PEM.', 'medium'),
  text('ssl.truststore.location', null, 'File with certificates that are trusted.', 'high'),
  secret('ssl.truststore.password', 'Password of the trust store.', 'high'),
  text('ssl.keymanager.algorithm', 'SunX509', 'Key manager of the JVM.', 'low'),
  text('ssl.trustmanager.algorithm', 'PKIX', 'Trust manager of the JVM.', 'low'),
  text(
    'ssl.endpoint.identification.algorithm',
    'https',
    'Whether the name of the server is checked; empty: no.',
    'low',
  ),
  text('ssl.secure.random.implementation', null, 'Source of randomness of the JVM.', 'low'),
  type('ssl.engine.factory.class', null, 'Class that makes TLS engines in the JVM.', 'low'),
);

/** How the worker itself logs in to Kafka. */
export const saslKeys: ConfigKeys = byName(
  text('sasl.mechanism', 'GSSAPI', 'How clients log in: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER.', 'medium'),
  secret('sasl.jaas.config', 'Who logs in, in the format of JAAS.', 'medium'),
  type('sasl.client.callback.handler.class', null, 'Class of the JVM.', 'medium'),
  type('sasl.login.callback.handler.class', null, 'Class of the JVM.', 'medium'),
  type('sasl.login.class', null, 'Class of the JVM.', 'medium'),
  text('sasl.kerberos.service.name', null, 'Name of the Kerberos service.', 'medium'),
  text('sasl.kerberos.kinit.cmd', '/usr/bin/kinit', 'Command that logs in to Kerberos.', 'low'),
  fraction(
    'sasl.kerberos.ticket.renew.window.factor',
    0.8,
    {},
    'Share of the life of a ticket after which it is renewed.',
  ),
  fraction('sasl.kerberos.ticket.renew.jitter', 0.05, {}, 'Random share of that time.'),
  time('sasl.kerberos.min.time.before.relogin', 60_000, {}, 'Time between two logins.', 'low'),
  fraction(
    'sasl.login.refresh.window.factor',
    0.8,
    { min: 0.5, max: 1 },
    'Share of the life of a token after which it is renewed.',
  ),
  fraction('sasl.login.refresh.window.jitter', 0.05, { min: 0, max: 0.25 }, 'Random share of that time.'),
  short('sasl.login.refresh.min.period.seconds', {
    doc: 'Least time before a renewal.',
    default: 60,
    min: 0,
    max: 900,
    importance: 'low',
  }),
  short('sasl.login.refresh.buffer.seconds', {
    doc: 'Time before the end of a token at which it is renewed.',
    default: 300,
    min: 0,
    max: 3600,
    importance: 'low',
  }),
  number('sasl.login.connect.timeout.ms', null, {}, 'How long a connection to the token endpoint may take.', 'low'),
  number('sasl.login.read.timeout.ms', null, {}, 'How long an answer of the token endpoint may take.', 'low'),
  time('sasl.login.retry.backoff.max.ms', 10_000, {}, 'Longest wait between two attempts to log in.', 'low'),
  time('sasl.login.retry.backoff.ms', 100, {}, 'First wait between two attempts to log in.', 'low'),
  ...oauthKeys(),
);

/** The worker's own connections to Kafka. */
export const transportKeys: ConfigKeys = byName(
  oneOf('security.protocol', ['SASL_SSL', 'PLAINTEXT', 'SSL', 'SASL_PLAINTEXT'], {
    doc: 'How clients speak to brokers.',
    default: 'PLAINTEXT',
    ignoreCase: true,
  }),
  time(
    'metadata.max.age.ms',
    300_000,
    { min: 0 },
    'After what time the metadata of the cluster is asked for again.',
    'low',
  ),
  oneOf('metadata.recovery.strategy', ['rebootstrap', 'none'], {
    doc: 'What clients do when no broker that they know is there: `rebootstrap` or `none`.',
    default: 'rebootstrap',
    ignoreCase: true,
    importance: 'low',
  }),
  time(
    'metadata.recovery.rebootstrap.trigger.ms',
    300_000,
    { min: 0 },
    'After what time without metadata they do it.',
    'low',
  ),
  number('send.buffer.bytes', 131_072, { min: -1 }, 'Send buffer of a connection; -1: as the system has it.', 'medium'),
  number(
    'receive.buffer.bytes',
    32_768,
    { min: -1 },
    'Receive buffer of a connection; -1: as the system has it.',
    'medium',
  ),
  time('reconnect.backoff.ms', 50, { min: 0 }, 'First wait before a broker is connected to again.', 'low'),
  time('reconnect.backoff.max.ms', 1000, { min: 0 }, 'Longest wait before a broker is connected to again.', 'low'),
  time('socket.connection.setup.timeout.ms', 10_000, { min: 0 }, 'How long a connection may take, at first.', 'low'),
  time('socket.connection.setup.timeout.max.ms', 30_000, { min: 0 }, 'How long a connection may take, at most.', 'low'),
  time('retry.backoff.ms', 100, { min: 0 }, 'First wait before a request is repeated.', 'low'),
  time('retry.backoff.max.ms', 1000, { min: 0 }, 'Longest wait before a request is repeated.', 'low'),
  number('request.timeout.ms', 40_000, { min: 0 }, 'How long an answer may take.', 'medium'),
  time('connections.max.idle.ms', 540_000, {}, 'After what time an idle connection is closed.', 'medium'),
);

function oauthKeys(): readonly ConfigKey[] {
  const bearer = 'sasl.oauthbearer';
  const java = 'org.apache.kafka.common.security.oauthbearer';
  return [
    type(
      `${bearer}.jwt.retriever.class`,
      `${java}.DefaultJwtRetriever`,
      'Class of the JVM that gets tokens.',
      'medium',
    ),
    type(
      `${bearer}.jwt.validator.class`,
      `${java}.DefaultJwtValidator`,
      'Class of the JVM that checks tokens.',
      'medium',
    ),
    text(`${bearer}.scope`, null, 'Scope that a token is asked for.', 'medium'),
    text(`${bearer}.client.credentials.client.id`, null, 'Who asks for a token.', 'medium'),
    secret(`${bearer}.client.credentials.client.secret`, 'Secret of who asks for a token.', 'medium'),
    oneOf(`${bearer}.assertion.algorithm`, ['ES256', 'RS256'], {
      doc: 'How assertions are signed.',
      default: 'RS256',
      ignoreCase: true,
    }),
    text(`${bearer}.assertion.claim.aud`, null, 'Audience in assertions.', 'medium'),
    number(
      `${bearer}.assertion.claim.exp.seconds`,
      300,
      { min: 0, max: 86_400 },
      'How long an assertion is valid.',
      'low',
    ),
    text(`${bearer}.assertion.claim.iss`, null, 'Issuer in assertions.', 'medium'),
    boolean(`${bearer}.assertion.claim.jti.include`, { doc: 'Whether assertions have an id.', default: false }),
    number(
      `${bearer}.assertion.claim.nbf.seconds`,
      60,
      { min: 0, max: 3600 },
      'How long before now an assertion is valid.',
      'low',
    ),
    text(`${bearer}.assertion.claim.sub`, null, 'Subject in assertions.', 'medium'),
    text(`${bearer}.assertion.file`, null, 'File with a finished assertion.', 'medium'),
    text(`${bearer}.assertion.private.key.file`, null, 'File with the key that signs assertions.', 'medium'),
    secret(`${bearer}.assertion.private.key.passphrase`, 'Password of that key.', 'medium'),
    text(`${bearer}.assertion.template.file`, null, 'File with more headers and claims of assertions.', 'medium'),
    text(`${bearer}.scope.claim.name`, 'scope', 'Claim that holds the scope.', 'low'),
    text(`${bearer}.sub.claim.name`, 'sub', 'Claim that holds the subject.', 'low'),
    text(`${bearer}.token.endpoint.url`, null, 'Where tokens come from.', 'medium'),
    text(`${bearer}.jwks.endpoint.url`, null, 'Where keys of tokens come from.', 'medium'),
    time(`${bearer}.jwks.endpoint.refresh.ms`, 3_600_000, {}, 'How often these keys are asked for.', 'low'),
    time(
      `${bearer}.jwks.endpoint.retry.backoff.max.ms`,
      10_000,
      {},
      'Longest wait before they are asked for again.',
      'low',
    ),
    time(`${bearer}.jwks.endpoint.retry.backoff.ms`, 100, {}, 'First wait before they are asked for again.', 'low'),
    number(`${bearer}.clock.skew.seconds`, 30, {}, 'How far clocks may differ.', 'low'),
    list(`${bearer}.expected.audience`, {
      doc: 'Audiences that are accepted.',
      unique: true,
      default: [],
      importance: 'high',
    }),
    text(`${bearer}.expected.issuer`, null, 'Issuer that is accepted.', 'high'),
    boolean(`${bearer}.header.urlencode`, {
      doc: 'Whether id and secret are URL-encoded.',
      default: false,
      importance: 'low',
    }),
  ];
}

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

function text(name: string, otherwise: string | null, doc: string, importance: Importance): ConfigKey {
  return string<string | null>(name, { doc, default: otherwise, importance });
}

function secret(name: string, doc: string, importance: Importance): ConfigKey {
  return password(name, { doc, default: null, importance });
}

function type(name: string, otherwise: string | null, doc: string, importance: Importance): ConfigKey {
  return classRef<string | null>(name, { doc, default: otherwise, importance });
}

function number(
  name: string,
  otherwise: number | null,
  bounds: Bounds,
  doc: string,
  importance: Importance,
): ConfigKey {
  return int<number | null>(name, { doc, default: otherwise, importance, ...bounds });
}

function time(name: string, otherwise: number, bounds: Bounds, doc: string, importance: Importance): ConfigKey {
  return long(name, { doc, default: otherwise, importance, ...bounds });
}

function fraction(name: string, otherwise: number, bounds: Bounds, doc: string): ConfigKey {
  return double(name, { doc, default: otherwise, importance: 'low', ...bounds });
}

function byName(...keys: readonly ConfigKey[]): ConfigKeys {
  return Object.fromEntries(keys.map((key) => [key.name, key]));
}
