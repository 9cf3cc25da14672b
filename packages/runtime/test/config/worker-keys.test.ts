import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type ConfigKey, type ConfigKeys } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { parseDistributedConfig, parseStandaloneConfig } from '../../src/config/parse-worker-config.ts';
import type { WorkerProperties } from '../../src/config/read-worker-properties.ts';
import { saslKeys, tlsKeys, transportKeys } from '../../src/config/worker-connection-keys.ts';
import { distributedWorkerKeys, standaloneWorkerKeys } from '../../src/config/worker-keys.ts';

type JavaKey = readonly [name: string, type: string, defaultText: string | null | false, importance: string];

/** Taken from the definitions of Kafka Connect 4.3.1: its keys, and what it says about values that it refuses. */
const java = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', 'java-worker-keys.json'), 'utf8')) as {
  readonly standalone: readonly JavaKey[];
  readonly distributed: readonly JavaKey[];
  readonly refused: readonly (readonly [name: string, value: string, message: string])[];
};

const keysOf = (keys: ConfigKeys): ReadonlyMap<string, ConfigKey> =>
  new Map(
    Object.values(keys).flatMap((entry) => {
      if (entry.kind === 'prefixed') return [];
      const key = entry.kind === 'key' ? entry : entry.list;
      return [[key.name, key] as const];
    }),
  );

function javaView(key: ConfigKey): JavaKey {
  const read = key.read(undefined, { full: key.name, short: key.name });
  return [key.name, key.type, key.required ? false : read.text, (key.importance ?? 'medium').toUpperCase()];
}

const ours = {
  standalone: keysOf({ ...standaloneWorkerKeys, ...tlsKeys }),
  distributed: keysOf({ ...distributedWorkerKeys, ...tlsKeys, ...saslKeys, ...transportKeys }),
};
const ownKeys = ['task.host.unresponsive.ms', 'worker.buffer.memory', 'connector.client.config.override.allowlist'];

const required = { 'bootstrap.servers': 'a:1', 'key.converter': 'K', 'value.converter': 'V' };
const standalone = { ...required, 'offset.storage.file.filename': 'offsets' };
const distributed = {
  ...required,
  'group.id': 'g',
  'config.storage.topic': 'c',
  'offset.storage.topic': 'o',
  'status.storage.topic': 's',
};
const read = (
  properties: Readonly<Record<string, string>>,
  more: Partial<WorkerProperties> = {},
): WorkerProperties => ({
  properties,
  origins: new Map(Object.keys(properties).map((key) => [key, 'worker.properties'])),
  secrets: [],
  ...more,
});

function problemsOf(parse: () => unknown): readonly string[] {
  try {
    parse();
  } catch (error) {
    if (ConfigError.isInstance(error)) return error.problems.map(({ message }) => message);
    throw error;
  }
  return [];
}

describe.each(['standalone', 'distributed'] as const)('the keys of a %s worker', (mode) => {
  it('are those of Kafka Connect, with its types, defaults and importance', () => {
    const byName = (a: JavaKey, b: JavaKey) => (a[0] < b[0] ? -1 : 1);
    const keys = [...ours[mode].values()].filter(({ name }) => !ownKeys.includes(name)).map(javaView);
    expect(keys.toSorted(byName)).toEqual(java[mode].toSorted(byName));
  });

  it('are documented', () => {
    const undocumented = [...ours[mode].values()].filter(({ doc }) => !/^[A-Z`].{7,}\.$/.test(doc));
    expect(undocumented.map(({ name }) => name)).toEqual([]);
  });
});

describe('values that Kafka Connect refuses', () => {
  const ownWords = new Set(['connect.protocol', 'listeners', 'response.http.headers.config']);
  // Bounds of numbers of this type are printed as 1, and by Java as 1.0.
  ownWords.add('sasl.login.refresh.window.factor').add('sasl.login.refresh.window.jitter');
  const cases = java.refused.filter(([name]) => !name.startsWith('inter.worker.'));

  it('are refused, with its words', () => {
    expect(cases.length).toBeGreaterThan(200);
    const answers = cases.map(([name, value, message]) => {
      const [first] = ours.distributed.get(name)?.read(value, { full: name, short: name }).problems ?? [];
      return [name, value, ownWords.has(name) && first !== undefined ? message : first];
    });
    expect(answers).toEqual(cases);
  });
});

describe('the configuration of a worker', () => {
  it('has a type', () => {
    const { config, warnings } = parseStandaloneConfig(
      read({
        ...standalone,
        'producer.acks': '1',
        'config.providers': 'f',
        'config.providers.f.class': 'File',
        'config.providers.f.param.allowed.paths': '/',
      }),
    );
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({
      bootstrapServers: ['a:1'],
      offsetFlushIntervalMs: 60_000,
      workerBufferMemory: 100_663_296,
      listeners: ['http://:8083'],
      adminListeners: null,
      producer: new Map([['acks', '1']]),
      configProviders: new Map([['f', { className: 'File', param: new Map([['allowed.paths', '/']]) }]]),
      offsetStorageFileFilename: 'offsets',
    });
    expect(
      parseDistributedConfig(read({ ...distributed, 'offset.storage.min.insync.replicas': '2' })).config,
    ).toMatchObject({
      groupId: 'g',
      offsetStorage: new Map([['min.insync.replicas', '2']]),
      exactlyOnceSourceSupport: 'disabled',
      interWorkerKeyTtlMs: 3_600_000,
    });
  });

  it('is refused with every problem, and where it stands', () => {
    const problems = problemsOf(() =>
      parseStandaloneConfig(
        read({
          'key.converter': 'K',
          'offset.flush.interval.ms': 'often',
          'security.protocol': 'TLS',
          'connector.client.config.override.policy': 'com.example.Policy',
          'rest.extension.classes': 'com.example.Auth',
        }),
      ),
    );
    expect(problems).toEqual([
      'Missing required configuration "bootstrap.servers" which has no default value.',
      'Missing required configuration "value.converter" which has no default value.',
      'worker.properties: Invalid value often for configuration offset.flush.interval.ms: Not a number of type LONG',
      'Missing required configuration "offset.storage.file.filename" which has no default value.',
      'worker.properties: Invalid value TLS for configuration security.protocol: String must be one of (case insensitive): SASL_SSL, PLAINTEXT, SSL, SASL_PLAINTEXT',
      'worker.properties: rest.extension.classes names com.example.Auth, which only a JVM can load. REST would be open without what it does: take the key out, and guard REST in front of the worker',
      'worker.properties: Invalid value com.example.Policy for configuration connector.client.config.override.policy: it must be All, None, Allowlist or Principal; policies in Java need a JVM',
    ]);
    expect(
      problemsOf(() =>
        parseDistributedConfig(read({ ...distributed, 'inter.worker.signature.algorithm': 'HmacSHA512' })),
      ),
    ).toEqual([
      'inter.worker.verification.algorithms must contain HmacSHA512, which inter.worker.signature.algorithm says',
    ]);
  });

  it('warns about what nobody reads, and what only a JVM can serve', () => {
    const { warnings } = parseStandaloneConfig(
      read({
        ...standalone,
        'offset.flush.intervall.ms': '1',
        'my.own.key': '1',
        'plugin.discovery': 'service_load',
        'metric.reporters': 'com.example.Reporter',
        'sasl.login.class': 'com.example.Login',
        'internal.key.converter': 'x',
        'rest.port': '8083',
        'log4j.rootLogger': 'INFO',
        'listeners.https.ssl.provider': 'x',
      }),
    );
    expect(warnings.toSorted()).toEqual(
      [
        'worker.properties: Unknown key offset.flush.intervall.ms: did you mean offset.flush.interval.ms?',
        'worker.properties: Unknown key my.own.key: nothing in this worker reads it.',
        'worker.properties: plugin.discovery has no effect: only a JVM can serve it; plugins are found by their manifests.',
        'worker.properties: metric.reporters has no effect: only a JVM can serve it; metrics are served by REST.',
        'worker.properties: sasl.login.class has no effect: only a JVM can serve it; write what it gives into sasl.jaas.config.',
        'worker.properties: internal.key.converter has no effect: Kafka Connect does not have it any more; internal topics are always in JSON.',
        'worker.properties: rest.port has no effect: Kafka Connect does not have it any more; use listeners.',
        'worker.properties: log4j.rootLogger has no effect: only a JVM can serve it; set the level with --log-level or by REST at /admin/loggers.',
        'worker.properties: listeners.https.ssl.provider has no effect: only a JVM can serve it; TLS comes from OpenSSL.',
      ].toSorted(),
    );
  });

  it('does not warn about what it passes on', () => {
    const passedOn = {
      'producer.compression.type': 'zstd',
      'consumer.max.poll.records': '1',
      'admin.retries': '1',
      'ssl.truststore.location': '/x',
      'sasl.jaas.config': 'x',
      'security.protocol': 'SASL_SSL',
      'key.converter.schemas.enable': 'false',
      'listeners.https.ssl.keystore.location': '/y',
      'metrics.context.a': 'b',
      'linger.ms': '5',
      'group.id': 'of the other mode',
      'config.storage.topic': 'of the other mode',
    };
    expect(parseStandaloneConfig(read({ ...standalone, ...passedOn })).warnings).toEqual([]);
  });

  it('prints no secret', () => {
    const secrets = { 'ssl.keystore.password': 'pa55word', 'offset.flush.interval.ms': 'hunter22' };
    const properties = { ...standalone, ...secrets, 'request.timeout.ms': 'x1' };
    const [first = '', second = ''] = problemsOf(() =>
      parseStandaloneConfig(read(properties, { secrets: ['hunter22', 'x1'] })),
    );
    expect(first).toBe(
      'worker.properties: Invalid value [hidden] for configuration offset.flush.interval.ms: Not a number of type LONG',
    );
    expect(second).toBe(
      'worker.properties: Invalid value [hidden] for configuration request.timeout.ms: Not a number of type INT',
    );
  });
});
