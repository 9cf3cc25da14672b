import { boolean, type ConfigKey, oneOf } from '@millrace/api';

/** Keys that several transforms have. */

export const fieldSyntaxKey: ConfigKey<'V1' | 'V2'> = oneOf('field.syntax.version', ['V1', 'V2'], {
  doc:
    'How fields are named. `V1`: by the names of the outermost fields. `V2`: by paths into nested fields, with dots ' +
    'between the names; a name that holds dots itself stands between backticks, as in `` `first.name`.short ``.',
  default: 'V1',
  importance: 'high',
  ignoreCase: true,
});

export const replaceNullKey: ConfigKey<boolean> = boolean('replace.null.with.default', {
  doc: 'Whether the default of a field stands in where the field is null. If not, it stays null.',
  default: true,
});

/** For transforms that refuse tombstones in Java. */
export const nullValuesKey: ConfigKey<'fail' | 'pass'> = oneOf('null.values', ['fail', 'pass'], {
  doc: 'What happens to a record without a value, such as a tombstone: `fail` treats it as an error, `pass` lets it go on unchanged.',
  default: 'fail',
});
