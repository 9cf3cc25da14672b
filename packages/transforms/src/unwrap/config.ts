import { boolean, type ConfigKey, type ConfigOf, type ConfigProblem, list, oneOf, string } from '@millrace/api';
import { replaceNullKey } from '../core/common-keys.ts';
import { type FieldPath, fieldPathProblems, parseFieldPath } from '../fields/field-path.ts';

export type DeleteTombstoneHandling =
  | 'drop'
  | 'tombstone'
  | 'rewrite'
  | 'rewrite-with-tombstone'
  | 'delete-to-tombstone';
export type DeleteHandling = 'drop' | 'rewrite' | 'none' | 'tombstone';

export const unwrapConfig: {
  readonly deleteTombstoneHandling: ConfigKey<DeleteTombstoneHandling | null>;
  readonly deleteHandling: ConfigKey<DeleteHandling | null>;
  readonly dropTombstones: ConfigKey<boolean | null>;
  readonly addFields: ConfigKey<readonly string[]>;
  readonly addFieldsPrefix: ConfigKey<string>;
  readonly addHeaders: ConfigKey<readonly string[]>;
  readonly addHeadersPrefix: ConfigKey<string>;
  readonly routeByField: ConfigKey<string>;
  readonly replaceNull: ConfigKey<boolean>;
} = {
  deleteTombstoneHandling: oneOf(
    'delete.tombstone.handling.mode',
    ['drop', 'tombstone', 'rewrite', 'rewrite-with-tombstone', 'delete-to-tombstone'],
    {
      doc:
        'What becomes of a delete and of the tombstone behind it. `drop`: both are dropped. `tombstone`: the delete ' +
        'becomes a record with the value null and keeps its schema, the tombstone is dropped. `delete-to-tombstone`: ' +
        'the same, without the schema. `rewrite`: the delete becomes the row as it was, with `__deleted` set to ' +
        '`true`, the tombstone is dropped; other records get `__deleted` set to `false`. `rewrite-with-tombstone`: ' +
        'the same, and the tombstone stays. Left out: `tombstone`, unless one of the two older keys is set.',
      default: null,
      ignoreCase: true,
    },
  ),
  deleteHandling: oneOf('delete.handling.mode', ['drop', 'rewrite', 'none', 'tombstone'], {
    doc:
      'What becomes of a delete: `drop`, `rewrite` (as above), `none` or `tombstone` (the value null). Not looked at ' +
      'when `delete.tombstone.handling.mode` is set. `drop` when only `drop.tombstones` is set.',
    default: null,
    deprecated: 'Use delete.tombstone.handling.mode.',
    ignoreCase: true,
  }),
  dropTombstones: boolean('drop.tombstones', {
    doc:
      'Whether tombstones are dropped. Not looked at when `delete.tombstone.handling.mode` is set. `true` when only ' +
      '`delete.handling.mode` is set.',
    default: null,
    deprecated: 'Use delete.tombstone.handling.mode.',
  }),
  addFields: list('add.fields', {
    doc:
      'Parts of the envelope that are added to the row, as `op`, `ts_ms`, `source.table` or, with a name, ' +
      '`source.ts_ms:at`. Without a dot, everything but `op` and the times is looked for in `source`, the parts of a ' +
      'transaction in `transaction`. The name is that of the path with `_` for each dot, behind the prefix. What an ' +
      'envelope does not have is left out.',
    default: [],
  }),
  addFieldsPrefix: string('add.fields.prefix', { doc: 'Stands before the names of added fields.', default: '__' }),
  addHeaders: list('add.headers', {
    doc: 'Parts of the envelope that are added to the headers, written as in `add.fields`.',
    default: [],
  }),
  addHeadersPrefix: string('add.headers.prefix', { doc: 'Stands before the names of added headers.', default: '__' }),
  routeByField: string('route.by.field', {
    doc: 'The field of the row that holds the topic; when it is null or blank the topic stays.',
    default: '',
    importance: 'low',
  }),
  replaceNull: replaceNullKey,
};

export type UnwrapConfig = ConfigOf<typeof unwrapConfig>;

export function validateUnwrap(config: UnwrapConfig): readonly ConfigProblem[] {
  const { addFields, addHeaders, routeByField } = config;
  const pathsOf = (items: readonly string[]) => items.map((item) => item.split(':')[0] as string);
  const problems = [
    ...fieldPathProblems('add.fields', pathsOf(addFields), 'V2'),
    ...fieldPathProblems('add.headers', pathsOf(addHeaders), 'V2'),
    ...(routeByField === '' ? [] : fieldPathProblems('route.by.field', [routeByField], 'V2')),
  ];
  if (problems.length > 0) return problems;
  const names = addFields.map((item) => parseEnvelopePart(item, config.addFieldsPrefix).name);
  return names
    .filter((name, index) => names.indexOf(name) < index)
    .map((name) => ({ key: 'add.fields', message: `add.fields would add ${name} twice; give one another name.` }));
}

/** What becomes of deletes and of tombstones, whichever keys say it. */
export interface DeletePolicy {
  readonly deletes: 'drop' | 'null' | 'null-without-schema' | 'rewrite';
  readonly dropTombstones: boolean;
}

export function deletePolicy(config: UnwrapConfig): DeletePolicy {
  const { deleteTombstoneHandling, deleteHandling, dropTombstones } = config;
  if (deleteTombstoneHandling === null && (deleteHandling !== null || dropTombstones !== null)) {
    const handling = deleteHandling ?? 'drop';
    const deletes = handling === 'none' || handling === 'tombstone' ? 'null' : handling;
    return { deletes, dropTombstones: dropTombstones ?? true };
  }
  switch (deleteTombstoneHandling ?? 'tombstone') {
    case 'drop':
      return { deletes: 'drop', dropTombstones: true };
    case 'tombstone':
      return { deletes: 'null', dropTombstones: true };
    case 'delete-to-tombstone':
      return { deletes: 'null-without-schema', dropTombstones: true };
    case 'rewrite':
      return { deletes: 'rewrite', dropTombstones: true };
    case 'rewrite-with-tombstone':
      return { deletes: 'rewrite', dropTombstones: false };
  }
}

/** A part of the envelope, and the name under which it is added to something. */
export interface EnvelopePart {
  /** Where it is looked for, one place after the other. */
  readonly paths: readonly FieldPath[];
  readonly name: string;
  readonly isOperation: boolean;
}

const transactionParts = new Set(['id', 'data_collection_order', 'total_order']);
const ownParts = new Set(['op', 'ts_ms', 'ts_us', 'ts_ns']);

export function parseEnvelopePart(item: string, prefix: string): EnvelopePart {
  const [text = '', ...names] = item.split(':');
  const path = parseFieldPath(text, 'V2');
  const name = prefix + (names.length > 0 ? names.join(':') : path.steps.join('_'));
  const last = path.steps.at(-1) as string;
  const own: FieldPath = { text: last, steps: [last] };
  if (path.steps.length > 1) return { paths: [path, own], name, isOperation: false };
  if (ownParts.has(last)) return { paths: [own], name, isOperation: last === 'op' };
  const struct = transactionParts.has(last) ? 'transaction' : last === 'updateDescription' ? last : 'source';
  return { paths: [{ text: `${struct}.${last}`, steps: [struct, last] }, own], name, isOperation: false };
}
