import {
  type ConfigDefinitionJson,
  ConfigError,
  type ConfigInfosJson,
  type ConfigKeys,
  configDefJson,
  configInfosJson,
} from '@millrace/api';
import { describe, expect, it } from 'vitest';
import {
  checkCommonConnector,
  parseSinkConnectorConfig,
  parseSourceConnectorConfig,
  sinkConnectorKeys,
  sourceConnectorKeys,
} from '../../src/config/connector-config.ts';
import { goldenExchange, goldenMissing } from './golden-exchanges.ts';

const source = { name: 'lines', 'connector.class': 'FileStreamSource' };
const sink = { name: 'lines', 'connector.class': 'FileStreamSink', topics: 'a,b' };

const problemsOf = (parse: () => unknown) => {
  try {
    parse();
  } catch (error) {
    if (ConfigError.isInstance(error)) return error.problems;
    throw error;
  }
  return [];
};

describe('the configuration of a connector', () => {
  it('has the defaults of Kafka Connect', () => {
    expect(parseSourceConnectorConfig(source)).toMatchObject({
      name: 'lines',
      tasksMax: 1,
      tasksMaxEnforce: true,
      keyConverter: null,
      transforms: new Map(),
      configActionReload: 'restart',
      errorsRetryTimeout: 0,
      errorsRetryDelayMaxMs: 60_000,
      errorsTolerance: 'none',
      exactlyOnceSupport: 'requested',
      transactionBoundary: 'poll',
      transactionBoundaryIntervalMs: null,
      offsetsStorageTopic: null,
      errorsDeadletterqueueTopicName: '',
    });
    expect(parseSinkConnectorConfig(sink)).toMatchObject({
      topics: ['a', 'b'],
      errorsDeadletterqueueTopicReplicationFactor: 3,
      errorsDeadletterqueueContextHeadersEnable: false,
    });
  });

  it('holds the keys of transforms, predicates and clients without their prefixes', () => {
    const config = parseSourceConnectorConfig({
      ...source,
      transforms: 'mask',
      'transforms.mask.type': 'MaskField$Value',
      'transforms.mask.fields': 'a',
      'transforms.mask.predicate': 'big',
      'transforms.mask.negate': 'true',
      predicates: 'big',
      'predicates.big.type': 'TopicNameMatches',
      'predicates.big.pattern': 'x',
      'producer.override.linger.ms': '7',
      'topic.creation.default.partitions': '3',
    });
    expect(config.transforms.get('mask')).toEqual({
      type: 'MaskField$Value',
      pluginVersion: null,
      predicate: 'big',
      negate: true,
      config: new Map([['fields', 'a']]),
    });
    expect(config.predicates.get('big')).toMatchObject({ config: new Map([['pattern', 'x']]) });
    expect(config.producerOverride).toEqual(new Map([['linger.ms', '7']]));
    expect(config.topicCreation).toEqual(new Map([['default.partitions', '3']]));
  });

  it('names every problem at once', () => {
    const keys = problemsOf(() => parseSinkConnectorConfig({ name: '', topics: 'a,a', 'tasks.max': '0' })).map(
      ({ key }) => key,
    );
    expect(keys).toEqual(['name', 'connector.class', 'tasks.max', 'topics']);
  });

  it.each([
    ['a\u0001b\u007f', '1, 127'],
    ['\u0085x', '133'],
  ])('refuses control characters in the name %j', (name, codes) => {
    expect(problemsOf(() => parseSourceConnectorConfig({ ...source, name }))).toEqual([
      {
        key: 'name',
        message: `Invalid value ${name} for configuration name: String may not contain control sequences but had the following ASCII chars: ${codes}`,
      },
    ]);
  });

  it('reads topics.regex as Java does', () => {
    const { topicsRegex } = parseSinkConnectorConfig({ ...sink, topics: '', 'topics.regex': 'a.*+' });
    expect(topicsRegex.matches('abc')).toBe(true);
  });
});

describe.skipIf(goldenMissing !== undefined)(`as recorded ${goldenMissing ?? ''}`, () => {
  const ownKeys = { FileStreamSource: 3, FileStreamSink: 1 };
  const withVersion = <K extends typeof sourceConnectorKeys | typeof sinkConnectorKeys>(keys: K): readonly string[] =>
    configDefJson(keys).map((one) =>
      JSON.stringify(one.name === 'connector.plugin.version' ? { ...one, default_value: '4.3.1' } : one),
    );
  const recorded = (connector: keyof typeof ownKeys) =>
    (goldenExchange(`plugin-config-${connector}Connector`).response.bodyJson as readonly ConfigDefinitionJson[])
      .slice(ownKeys[connector])
      .map((one) => JSON.stringify(one));

  it('the keys of sinks are exactly those', () => {
    expect(withVersion(sinkConnectorKeys)).toEqual(recorded('FileStreamSink'));
  });

  it('the keys of sources are those, and the dead letter queue', () => {
    const ours = withVersion(sourceConnectorKeys);
    const expected = recorded('FileStreamSource');
    expect(ours.slice(0, expected.length)).toEqual(expected);
    expect(ours.slice(expected.length).map((one) => (JSON.parse(one) as ConfigDefinitionJson).name)).toEqual([
      'errors.deadletterqueue.topic.name',
      'errors.deadletterqueue.topic.replication.factor',
      'errors.deadletterqueue.context.headers.enable',
    ]);
  });

  const ofBaseKeys = (keys: ConfigKeys, label: string) => {
    const { request, response } = goldenExchange(label);
    const raw = JSON.parse(request.body ?? '{}') as Readonly<Record<string, string>>;
    const names = new Set(configInfosJson('', keys, raw).configs.map(({ value }) => value.name));
    const expected = (response.bodyJson as ConfigInfosJson).configs
      .filter(({ value }) => names.has(value.name) && value.errors.length > 0)
      .flatMap(({ value }) => value.errors.map((message) => ({ key: value.name, message })));
    return { raw, expected };
  };

  it.each([
    'validate-source-ok',
    'validate-class-only',
    'validate-bad-tasksmax',
    'validate-bad-tasksmax-str',
    'validate-bad-name-ctrl',
    'validate-name-empty',
    'validate-errors-bad',
    'validate-transforms-missing-type',
    'validate-transforms-dupe-alias',
    'validate-transform-negate-no-pred',
    'validate-eos-bad',
    'validate-eos-boundary-bad',
    'validate-config-action-bad',
    'validate-topic-creation',
    'validate-predicates-ok',
  ])('the errors of %s', (label) => {
    const { raw, expected } = ofBaseKeys(sourceConnectorKeys, label);
    expect(problemsOf(() => parseSourceConnectorConfig(raw))).toEqual(expected);
  });

  it.each([
    'validate-sink-ok',
    'validate-sink-topics-and-regex',
    'validate-sink-no-topics',
    'validate-sink-bad-regex',
    'validate-sink-dlq-same-topic',
    'validate-sink-dlq-regex',
    'validate-sink-dlq-ok',
    'validate-sink-topics-dupe',
  ])('the errors of %s', (label) => {
    const { raw, expected } = ofBaseKeys(sinkConnectorKeys, label);
    expect(problemsOf(() => parseSinkConnectorConfig(raw))).toEqual(expected);
  });

  it('the keys of transforms and predicates', () => {
    const { request, response } = goldenExchange('validate-predicates-ok');
    const raw = JSON.parse(request.body ?? '{}') as Readonly<Record<string, string>>;
    const picked = (infos: ConfigInfosJson) =>
      infos.configs
        .map(({ definition }) => definition)
        .filter((one) => one !== null && /^(transforms|predicates)\.\w+\.(type|negate|predicate)$/.test(one.name));
    expect(picked(configInfosJson('', sourceConnectorKeys, raw))).toEqual(picked(response.bodyJson as ConfigInfosJson));
    expect(checkCommonConnector(parseSourceConnectorConfig(raw), raw)).toEqual([]);
  });
});
