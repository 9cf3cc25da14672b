import {
  type ConfigKey,
  type ConfigOf,
  type ConfigProblem,
  oneOf,
  type PrefixedKeys,
  prefixed,
  string,
} from '@millrace/api';
import { fieldPathProblems } from '../fields/field-path.ts';

export const contentRouterConfig: {
  readonly fieldSource: ConfigKey<'value' | 'key' | 'header'>;
  readonly field: ConfigKey<string>;
  readonly mapping: PrefixedKeys;
  readonly topicFormat: ConfigKey<string | null>;
  readonly defaultTopic: ConfigKey<string | null>;
} = {
  fieldSource: oneOf('field.source', ['value', 'key', 'header'], {
    doc: 'Where the field is: in the value, in the key, or `header`: it is the name of a header.',
    default: 'value',
  }),
  field: string('field', {
    doc: 'Path of the field that decides about the topic; it must be a text, a number or a boolean.',
    nonEmpty: true,
    importance: 'high',
  }),
  mapping: prefixed('mapping.', {
    doc: '`mapping.VALUE` is the topic for records with that value in the field; `${topic}` and `${field}` stand for the topic that the record has and for the value.',
  }),
  topicFormat: string('topic.format', {
    doc: 'The topic for values that `mapping` does not have, with the same placeholders. Left out: `default.topic`.',
    default: null,
    importance: 'high',
  }),
  defaultTopic: string('default.topic', {
    doc: 'The topic for all other records, and for those where the field is missing or null; `${topic}` stands for the topic that the record has. Left out: it stays.',
    default: null,
  }),
};

export type ContentRouterConfig = ConfigOf<typeof contentRouterConfig>;

export function validateContentRouter(config: ContentRouterConfig): readonly ConfigProblem[] {
  const { field, fieldSource, mapping, topicFormat, defaultTopic } = config;
  const problems = fieldSource === 'header' ? [] : fieldPathProblems('field', [field], 'V2');
  if (topicFormat === null && mapping.size === 0) {
    problems.push({ key: 'topic.format', message: 'Either topic.format or mapping.VALUE must say where records go.' });
  }
  if (defaultTopic?.includes('${field}')) {
    problems.push({
      key: 'default.topic',
      message: 'default.topic is for records without a field: it cannot have ${field}.',
    });
  }
  return problems;
}
