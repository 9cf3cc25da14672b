import { aliased, boolean, type ConfigKeys, classRef, int, list, long, oneOf, regex, string } from '../../src/index.ts';

const json = 'org.apache.kafka.connect.json.JsonConverter';
const version = { default: '4.3.1', width: 'short' } as const;
const converter = { doc: '', importance: 'low', group: 'Common', width: 'short' } as const;

const pluginNames: Readonly<Record<string, string>> = {
  RegexRouter: 'org.apache.kafka.connect.transforms.RegexRouter',
  Filter: 'org.apache.kafka.connect.transforms.Filter',
  RecordIsTombstone: 'org.apache.kafka.connect.transforms.predicates.RecordIsTombstone',
  TopicNameMatches: 'org.apache.kafka.connect.transforms.predicates.TopicNameMatches',
};

const fullName = (name: string) => (name.includes('.') ? name : pluginNames[name]);

const ownKeys: Readonly<Record<string, ConfigKeys>> = {
  'org.apache.kafka.connect.transforms.HoistField$Value': { field: string('field', { doc: '' }) },
  'org.apache.kafka.connect.transforms.RegexRouter': {
    regex: regex('regex', { doc: '', importance: 'high' }),
    replacement: string('replacement', { doc: '', importance: 'high' }),
  },
  'org.apache.kafka.connect.transforms.predicates.TopicNameMatches': {
    pattern: regex('pattern', { doc: '', compile: (text) => new RegExp(text) }),
  },
};

function pluginKeys(kind: string, alias: string, type: string | null | undefined): ConfigKeys {
  return {
    type: classRef('type', {
      doc: '',
      importance: 'high',
      width: 'long',
      order: 0,
      displayName: `${kind} type for ${alias}`,
      resolve: fullName,
    }),
    version: string('plugin.version', {
      doc: '',
      default: '4.3.1',
      importance: 'high',
      width: 'long',
      order: 1,
      displayName: `${kind} version for ${alias}`,
    }),
    ...ownKeys[fullName(type ?? '') ?? ''],
  };
}

/** The keys of every source connector, in our words; the documentation is left out. */
export const connectorKeys = {
  name: string('name', {
    doc: '',
    importance: 'high',
    group: 'Common',
    width: 'medium',
    displayName: 'Connector name',
    validate: (name) => (name === '' ? 'String may not be empty' : undefined),
  }),
  class: string('connector.class', {
    doc: '',
    importance: 'high',
    group: 'Common',
    width: 'long',
    displayName: 'Connector class',
  }),
  version: string('connector.plugin.version', {
    doc: '',
    default: '4.3.1',
    group: 'Common',
    width: 'medium',
    displayName: 'Connector version',
  }),
  tasksMax: int('tasks.max', {
    doc: '',
    default: 1,
    min: 1,
    importance: 'high',
    group: 'Common',
    width: 'short',
    displayName: 'Tasks max',
  }),
  enforce: boolean('tasks.max.enforce', {
    doc: '',
    default: true,
    importance: 'low',
    group: 'Common',
    width: 'short',
    displayName: 'Enforce tasks max',
    deprecated: 'it will be removed',
  }),
  keyConverter: classRef('key.converter', { ...converter, default: json, displayName: 'Key converter class' }),
  keyVersion: string('key.converter.plugin.version', {
    ...converter,
    ...version,
    displayName: 'Key converter version',
  }),
  valueConverter: classRef('value.converter', { ...converter, default: json, displayName: 'Value converter class' }),
  valueVersion: string('value.converter.plugin.version', {
    ...converter,
    ...version,
    displayName: 'Value converter version',
  }),
  headerConverter: classRef('header.converter', {
    ...converter,
    default: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
    displayName: 'Header converter class',
  }),
  headerVersion: string('header.converter.plugin.version', {
    ...converter,
    ...version,
    displayName: 'Header converter version',
  }),
  transforms: aliased('transforms', {
    doc: '',
    importance: 'low',
    group: 'Transforms',
    order: 12,
    width: 'long',
    displayName: 'Transforms',
    keys: (alias, raw) => ({
      ...pluginKeys('Transformation', alias, raw['type']),
      predicate: string('predicate', { doc: '', default: null }),
      negate: boolean('negate', { doc: '', default: false }),
    }),
  }),
  predicates: aliased('predicates', {
    doc: '',
    importance: 'low',
    group: 'Predicates',
    order: 13,
    width: 'long',
    displayName: 'Predicates',
    keys: (alias, raw) => pluginKeys('Predicate', alias, raw['type']),
  }),
  reload: oneOf('config.action.reload', ['none', 'restart'], {
    doc: '',
    default: 'restart',
    importance: 'low',
    group: 'Common',
    order: 14,
    width: 'medium',
    displayName: 'Reload Action',
  }),
  retryTimeout: long('errors.retry.timeout', {
    doc: '',
    default: 0,
    group: 'Error Handling',
    width: 'medium',
    displayName: 'Retry Timeout for Errors',
  }),
  retryDelay: long('errors.retry.delay.max.ms', {
    doc: '',
    default: 60_000,
    group: 'Error Handling',
    width: 'medium',
    displayName: 'Maximum Delay Between Retries for Errors',
  }),
  tolerance: oneOf('errors.tolerance', ['none', 'all'], {
    doc: '',
    default: 'none',
    group: 'Error Handling',
    width: 'short',
    displayName: 'Error Tolerance',
  }),
  logErrors: boolean('errors.log.enable', {
    doc: '',
    default: false,
    group: 'Error Handling',
    width: 'short',
    displayName: 'Log Errors',
  }),
  logDetails: boolean('errors.log.include.messages', {
    doc: '',
    default: false,
    group: 'Error Handling',
    width: 'short',
    displayName: 'Log Error Details',
  }),
  topicGroups: list('topic.creation.groups', {
    doc: '',
    default: [],
    importance: 'low',
    group: 'Topic Creation',
    width: 'long',
    displayName: 'Topic Creation Groups',
  }),
  exactlyOnce: oneOf('exactly.once.support', ['required', 'requested'], {
    doc: '',
    default: 'requested',
    ignoreCase: true,
    group: 'Exactly Once Support',
    order: 2,
    width: 'short',
    displayName: 'Exactly once support',
  }),
  boundary: oneOf('transaction.boundary', ['interval', 'poll', 'connector'], {
    doc: '',
    default: 'poll',
    ignoreCase: true,
    group: 'Exactly Once Support',
    order: 3,
    width: 'short',
    displayName: 'Transaction Boundary',
  }),
  boundaryInterval: long('transaction.boundary.interval.ms', {
    doc: '',
    default: null,
    min: 0,
    importance: 'low',
    group: 'Exactly Once Support',
    order: 4,
    width: 'short',
    displayName: 'Transaction boundary interval',
  }),
  offsetsTopic: string('offsets.storage.topic', {
    doc: '',
    default: null,
    nonEmpty: true,
    importance: 'low',
    group: 'offsets.topic',
    width: 'long',
    displayName: 'Offsets topic',
  }),
};
