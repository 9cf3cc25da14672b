/** What others than the worker read of its properties: prefixes, and settings of the Kafka clients that it makes. */
export const passedOnNames: readonly string[] = [
  ...['key.converter.', 'value.converter.', 'header.converter.', 'listeners.https.', 'admin.listeners.https.'],
  ...['ssl.', 'sasl.'],
  ...`acks allow.auto.create.topics auto.commit.interval.ms auto.offset.reset batch.size bootstrap.controllers buffer.memory
    check.crcs client.rack compression.gzip.level compression.lz4.level compression.type compression.zstd.level
    default.api.timeout.ms delivery.timeout.ms enable.auto.commit enable.idempotence enable.metrics.push
    exclude.internal.topics fetch.max.bytes fetch.max.wait.ms fetch.min.bytes group.instance.id group.protocol
    group.remote.assignor isolation.level linger.ms max.block.ms max.in.flight.requests.per.connection
    max.partition.fetch.bytes max.poll.interval.ms max.poll.records max.request.size metadata.max.idle.ms
    partition.assignment.strategy partitioner.adaptive.partitioning.enable partitioner.availability.timeout.ms
    partitioner.ignore.keys retries transaction.timeout.ms transactional.id`.split(/\s+/),
];

/** What only the JVM can serve, as a beginning of names; with the values that change nothing. */
const onlyInTheJvm: readonly (readonly [begin: string, harmless: RegExp, remedy: string])[] = [
  ['plugin.discovery', /^$/, 'plugins are found by their manifests'],
  ['metric.reporters', /^(org\.apache\.kafka\.common\.metrics\.JmxReporter)?$/, 'metrics are served by REST'],
  ['auto.include.jmx.reporter', /^$/, 'metrics are served by REST'],
  ['security.providers', /^$/, 'TLS comes from OpenSSL'],
  ['ssl.provider', /^$/, 'TLS comes from OpenSSL'],
  ['ssl.secure.random.implementation', /^$/, 'TLS comes from OpenSSL'],
  ['ssl.engine.factory.class', /^$/, 'TLS comes from OpenSSL'],
  ['ssl.keymanager.algorithm', /^(SunX509|PKIX)?$/, 'TLS comes from OpenSSL'],
  ['ssl.trustmanager.algorithm', /^(SunX509|PKIX)?$/, 'TLS comes from OpenSSL'],
  ['sasl.client.callback.handler.class', /^$/, 'write what it gives into sasl.jaas.config'],
  [
    'sasl.login.callback.handler.class',
    /OAuthBearerLoginCallbackHandler$|^$/,
    'write what it gives into sasl.jaas.config',
  ],
  ['sasl.login.class', /^$/, 'write what it gives into sasl.jaas.config'],
  [
    'sasl.oauthbearer.jwt.retriever.class',
    /\.(Default|ClientCredentials)JwtRetriever$|^$/,
    'tokens come from the token endpoint',
  ],
  ['sasl.oauthbearer.jwt.validator.class', /\.\w+JwtValidator$|^$/, 'brokers check tokens'],
  ['interceptor.classes', /^$/, 'use transforms'],
  ['partitioner.class', /^$/, 'use transforms'],
  ['log4j.', /^$/, 'set the level with --log-level or by REST at /admin/loggers'],
];

/** What Kafka Connect has no more. */
const removed: Readonly<Record<string, string>> = {
  'internal.key.converter': 'internal topics are always in JSON',
  'internal.value.converter': 'internal topics are always in JSON',
  'rest.host.name': 'use listeners',
  'rest.port': 'use listeners',
};

/** A sentence for the log about a property that has no effect here; `undefined` for any other. */
export function withoutEffect(name: string, value: string): string | undefined {
  const instead = Object.hasOwn(removed, name) ? removed[name] : undefined;
  if (instead !== undefined) return `${name} has no effect: Kafka Connect does not have it any more; ${instead}.`;
  const plain = name.replace(/^(admin\.)?listeners\.https\./, '');
  const found = onlyInTheJvm.find(([begin]) => (begin.endsWith('.') ? plain.startsWith(begin) : plain === begin));
  if (found === undefined || found[1].test(value.trim())) return undefined;
  return `${name} has no effect: only a JVM can serve it; ${found[2]}.`;
}

/** Whether that is one of those names, whatever its value. */
export function isWithoutEffect(name: string): boolean {
  if (Object.hasOwn(removed, name)) return true;
  return onlyInTheJvm.some(([begin]) => (begin.endsWith('.') ? name.startsWith(begin) : name === begin));
}
