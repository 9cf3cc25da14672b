import {
  type ConfigKey,
  type ConfigOf,
  type ConfigProblem,
  duration,
  int,
  list,
  oneOf,
  type PrefixedKeys,
  prefixed,
  string,
} from '@millrace/api';
import { type FieldPath, fieldPathProblems, parseFieldPath } from '../fields/field-path.ts';

export type OnMiss = 'null' | 'skip' | 'drop' | 'fail' | 'default';

export const lookupConfig: {
  readonly table: ConfigKey<string>;
  readonly tableConfig: PrefixedKeys;
  readonly keySource: ConfigKey<'value' | 'key'>;
  readonly keyFields: ConfigKey<readonly string[]>;
  readonly fields: ConfigKey<readonly string[]>;
  readonly onMiss: ConfigKey<OnMiss>;
  readonly defaults: PrefixedKeys;
  readonly cacheTtl: ConfigKey<number>;
  readonly cacheNegativeTtl: ConfigKey<number>;
  readonly cacheSize: ConfigKey<number>;
} = {
  table: string('table', {
    doc: 'The kind of table that records are joined with: `file`, or one that the worker adds.',
    nonEmpty: true,
    importance: 'high',
  }),
  tableConfig: prefixed('table.', { doc: 'The configuration of the table; its kind says which keys there are.' }),
  keySource: oneOf('key.source', ['value', 'key'], {
    doc: "Where `key.fields` are: in the record's value or in its key.",
    default: 'value',
  }),
  keyFields: list('key.fields', {
    doc:
      'Paths of the fields that make the key of a row, in the order that the table has. May only be left out with ' +
      '`key.source=key`: then the key as a whole is the key of a row.',
    default: [],
    importance: 'high',
  }),
  fields: list('fields', {
    doc:
      'What is copied from the row into the value: paths of its fields, each with the name it gets, as in ' +
      '`address.city:city`; without a name it keeps its own. A field of that name is replaced. Left out: all fields. A ' +
      'row that is no struct has one field, `value`.',
    default: [],
    importance: 'high',
  }),
  onMiss: oneOf('on.miss', ['null', 'skip', 'drop', 'fail', 'default'], {
    doc:
      'What happens to a record without a row, or with `null` in its key: `null` sets the copied fields to null, `skip` ' +
      'lets the record go on as it is, `drop` drops it, `fail` treats it as an error, `default` takes the values of ' +
      '`default.*`. While no row was seen, and the table does not know its schema, `null` and `default` let the record ' +
      'go on as it is.',
    default: 'null',
  }),
  defaults: prefixed('default.', {
    doc: 'For `on.miss=default`: `default.NAME` is the value of the copied field NAME; one that is not named is null.',
  }),
  cacheTtl: duration('cache.ttl.ms', {
    doc: 'For tables that ask another system: how long a row is kept before it is asked for again.',
    default: 60_000,
    min: 0,
    importance: 'low',
  }),
  cacheNegativeTtl: duration('cache.negative.ttl.ms', {
    doc: 'For tables that ask another system: how long it is remembered that a key has no row.',
    default: 10_000,
    min: 0,
    importance: 'low',
  }),
  cacheSize: int('cache.size', {
    doc: 'For tables that ask another system: how many keys are kept; those not asked for longest go first.',
    default: 10_000,
    min: 0,
    importance: 'low',
  }),
};

export type LookupConfig = ConfigOf<typeof lookupConfig>;

/** A field of a row and the name that it gets in the record. */
export interface CopiedField {
  readonly path: FieldPath;
  readonly target: string;
}

/**
 * Reads `path` or `path:name`, split at the last colon.
 *
 * @throws ConfigError when the path is none.
 */
export function parseCopiedField(item: string): CopiedField {
  const colon = item.lastIndexOf(':');
  const path = parseFieldPath(colon < 0 ? item : item.slice(0, colon), 'V2');
  return { path, target: colon < 0 ? (path.steps.at(-1) as string) : item.slice(colon + 1) };
}

export function validateLookup(config: LookupConfig): readonly ConfigProblem[] {
  const { keySource, keyFields, fields, onMiss, defaults } = config;
  const problems: ConfigProblem[] = fieldPathProblems('key.fields', keyFields, 'V2');
  if (keySource === 'value' && keyFields.length === 0) {
    problems.push({ key: 'key.fields', message: 'key.fields must name the fields that make the key of a row.' });
  }
  const targets = new Set<string>();
  for (const item of fields) {
    try {
      const { target } = parseCopiedField(item);
      if (target === '') problems.push({ key: 'fields', message: `"${item}" in fields gives the field no name.` });
      else if (targets.has(target)) problems.push({ key: 'fields', message: `fields gives the name ${target} twice.` });
      targets.add(target);
    } catch (error) {
      problems.push({ key: 'fields', message: `"${item}" in fields is no path: ${(error as Error).message}` });
    }
  }
  if (onMiss === 'default' && defaults.size === 0) {
    problems.push({ key: 'on.miss', message: 'on.miss=default needs values: set default.NAME for the copied fields.' });
  }
  for (const name of defaults.keys()) {
    if (fields.length > 0 && !targets.has(name)) {
      problems.push({ key: `default.${name}`, message: `default.${name} is for none of the fields that are copied.` });
    }
  }
  return problems;
}
