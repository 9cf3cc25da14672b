import { type ConfigKey, type ConfigOf, type ConfigProblem, string } from '@millrace/api';
import { fieldSyntaxKey, replaceNullKey } from '../core/common-keys.ts';
import { type FieldSyntax, fieldPathProblems } from '../fields/field-path.ts';
import { parseInsertion } from './insertion.ts';

const suffixes = 'With `!` behind the name the field is required; with `?`, or neither, it is optional.';

export const insertFieldConfig: {
  readonly topicField: ConfigKey<string | null>;
  readonly partitionField: ConfigKey<string | null>;
  readonly offsetField: ConfigKey<string | null>;
  readonly timestampField: ConfigKey<string | null>;
  readonly staticField: ConfigKey<string | null>;
  readonly staticValue: ConfigKey<string | null>;
  readonly fieldSyntax: ConfigKey<FieldSyntax>;
  readonly replaceNull: ConfigKey<boolean>;
} = {
  topicField: string('topic.field', { doc: `Field for the topic. ${suffixes}`, default: null }),
  partitionField: string('partition.field', { doc: `Field for the partition. ${suffixes}`, default: null }),
  offsetField: string('offset.field', { doc: `Field for the offset; for sinks only. ${suffixes}`, default: null }),
  timestampField: string('timestamp.field', { doc: `Field for the record's timestamp. ${suffixes}`, default: null }),
  staticField: string('static.field', { doc: `Field for \`static.value\`. ${suffixes}`, default: null }),
  staticValue: string('static.value', { doc: 'What the static field holds.', default: null }),
  fieldSyntax: fieldSyntaxKey,
  replaceNull: replaceNullKey,
};

export type InsertFieldConfig = ConfigOf<typeof insertFieldConfig>;

export function validateInsertField(config: InsertFieldConfig): readonly ConfigProblem[] {
  const fields = [
    ['topic.field', config.topicField],
    ['partition.field', config.partitionField],
    ['offset.field', config.offsetField],
    ['timestamp.field', config.timestampField],
    ['static.field', config.staticField],
  ] as const;
  const problems: ConfigProblem[] = [];
  if (fields.every(([, field]) => field === null)) {
    const message = `No field insertion configured: set one of ${fields.map(([key]) => key).join(', ')}.`;
    problems.push({ key: 'static.field', message });
  }
  if (config.staticField !== null && config.staticValue === null) {
    problems.push({ key: 'static.value', message: `No value specified for static field ${config.staticField}.` });
  }
  for (const [key, field] of fields) {
    if (field !== null) problems.push(...fieldPathProblems(key, [parseInsertion(field).field], config.fieldSyntax));
  }
  return problems;
}
