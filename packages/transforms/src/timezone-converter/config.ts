import { type ConfigKey, type ConfigOf, type ConfigProblem, list, oneOf, string } from '@millrace/api';
import { replaceNullKey } from '../core/common-keys.ts';
import { fieldPathProblems } from '../fields/field-path.ts';

export type TimestampMode = 'instant' | 'local' | 'text';

export const timezoneConverterConfig: {
  readonly fields: ConfigKey<readonly string[]>;
  readonly timezone: ConfigKey<string>;
  readonly textTimezone: ConfigKey<string>;
  readonly timestamps: ConfigKey<TimestampMode>;
  readonly replaceNull: ConfigKey<boolean>;
} = {
  fields: list('fields', {
    doc:
      'Paths of the fields. Texts must be timestamps of ISO 8601, with `T` or a blank between date and time: they get ' +
      'the local time and the offset of the zone. Timestamps, and the int64 timestamps of Debezium, are changed as ' +
      '`timestamps` says.',
    nonEmpty: true,
    unique: true,
    importance: 'high',
  }),
  timezone: string('timezone', {
    doc: 'The zone: its name (`Europe/Berlin`), or an offset (`+05:30`).',
    importance: 'high',
    validate: zoneProblem,
  }),
  textTimezone: string('text.timezone', {
    doc: 'The zone of texts that name none.',
    default: 'UTC',
    validate: zoneProblem,
  }),
  timestamps: oneOf('timestamps', ['instant', 'local', 'text'], {
    doc:
      'What becomes of Timestamps, which know no zone. `instant`: what they show in UTC is the local time of the zone, ' +
      'and they become the instant that this is (as with Debezium). `local`: the other way round, they show the local ' +
      'time of the zone as if it were UTC. `text`: they become texts with the local time and the offset of the zone.',
    default: 'instant',
  }),
  replaceNull: replaceNullKey,
};

export type TimezoneConverterConfig = ConfigOf<typeof timezoneConverterConfig>;

export function validateTimezoneConverter({ fields }: TimezoneConverterConfig): readonly ConfigProblem[] {
  return fieldPathProblems('fields', fields, 'V2');
}

function zoneProblem(zone: string): string | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return undefined;
  } catch {
    return `There is no time zone of that name; write one as Europe/Berlin or +05:30.`;
  }
}
