import { type ConfigKey, type ConfigOf, type ConfigProblem, custom, list, oneOf, type Schema } from '@millrace/api';
import { fieldPathProblems } from '../fields/field-path.ts';
import { schemaOfJson } from './schema-of-json.ts';

export const jsonFieldConfig: {
  readonly fields: ConfigKey<readonly string[]>;
  readonly operation: ConfigKey<'parse' | 'print'>;
  readonly schema: ConfigKey<Schema | null>;
} = {
  fields: list('fields', { doc: 'Paths of the fields.', nonEmpty: true, unique: true, importance: 'high' }),
  operation: oneOf('operation', ['parse', 'print'], {
    doc:
      '`parse`: a text of JSON becomes what it says. `print`: whatever the field holds becomes a text of JSON; int64 ' +
      'and decimals are numbers with all their digits, bytes are base64, dates and times texts of ISO 8601.',
    importance: 'high',
  }),
  schema: custom('schema', {
    doc:
      'For `parse`: the schema of what the texts hold, in the JSON form of Kafka Connect (`{"type":"struct","fields":' +
      '[{"field":"id","type":"int64"}]}`). Left out: in records with a schema, the schema is made for each text, so ' +
      'texts that differ in their fields make records that differ in their schemas.',
    default: null,
    label: 'schema',
    schema: {
      '~standard': {
        version: 1,
        vendor: 'millrace',
        validate: (text) => {
          try {
            return { value: schemaOfJson(JSON.parse(String(text))) };
          } catch (error) {
            return { issues: [{ message: (error as Error).message }] };
          }
        },
      },
    },
  }),
};

export type JsonFieldConfig = ConfigOf<typeof jsonFieldConfig>;

export function validateJsonField({ fields, operation, schema }: JsonFieldConfig): readonly ConfigProblem[] {
  const problems = fieldPathProblems('fields', fields, 'V2');
  if (operation === 'print' && schema !== null) {
    problems.push({ key: 'schema', message: 'schema is for operation=parse only.' });
  }
  return problems;
}
