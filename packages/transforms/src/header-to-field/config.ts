import { type ConfigKey, type ConfigOf, type ConfigProblem, list, oneOf } from '@millrace/api';
import { fieldPathProblems } from '../fields/field-path.ts';

export const headerToFieldConfig: {
  readonly headers: ConfigKey<readonly string[]>;
  readonly fields: ConfigKey<readonly string[]>;
  readonly operation: ConfigKey<'copy' | 'move'>;
  readonly onMissing: ConfigKey<'skip' | 'fail'>;
} = {
  headers: list('headers', {
    doc: 'Names of the headers; of several headers with one name the last counts.',
    nonEmpty: true,
    unique: true,
    importance: 'high',
  }),
  fields: list('fields', {
    doc:
      'Paths of the fields that get the values, in the order of the headers. A field that is there is replaced, ' +
      'structs on the way are made. Left out: the fields are named as the headers.',
    default: [],
    unique: true,
    importance: 'high',
  }),
  operation: oneOf('operation', ['copy', 'move'], {
    doc: '`copy` leaves the headers, `move` takes all of these names out.',
    default: 'copy',
  }),
  onMissing: oneOf('on.missing', ['skip', 'fail'], {
    doc: 'What happens when a record lacks a header: `skip` leaves its field alone, `fail` treats it as an error.',
    default: 'skip',
  }),
};

export type HeaderToFieldConfig = ConfigOf<typeof headerToFieldConfig>;

export function validateHeaderToField({ headers, fields }: HeaderToFieldConfig): readonly ConfigProblem[] {
  const problems = fieldPathProblems('fields', fields, 'V2');
  if (fields.length > 0 && fields.length !== headers.length) {
    const message = `fields must be left out or have one path for each header; got ${fields.length} for ${headers.length}.`;
    problems.push({ key: 'fields', message });
  }
  return problems;
}
