import { DataError, Decimal, fits, misfit, type Schema } from '@millrace/api';
import { isCalendarDay, offsetMilliseconds } from './iso-parts.ts';

const integer = /^[+-]?\d+$/;
const decimalNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const isoDate = /^\d{4}-\d\d-\d\d$/;
const isoTime = /^(?:[01]\d|2[0-3]):\d\d(:\d\d(\.\d{1,3})?)?$/;
const isoTimestamp = /^(\d{4}-\d\d-\d\d)[T ]((?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?$/;

/**
 * The value that a text stands for in a file or a configuration: numbers as in JSON, `true` and `false`, dates and
 * times as in ISO 8601, in UTC where no zone is named.
 *
 * @throws DataError when the text is no value of the schema, or the schema is none of a single value.
 */
export function valueOfText(text: string, schema: Schema): unknown {
  switch (schema.representation) {
    case 'string':
      return text;
    case 'boolean':
      return checked(schema, text, /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined);
    case 'int8':
    case 'int16':
    case 'int32':
      return checked(schema, text, integer.test(text) ? Number(text) : undefined);
    case 'int64':
      return checked(schema, text, integer.test(text) ? BigInt(text.replace('+', '')) : undefined);
    case 'float32':
      return checked(schema, text, finite(text, Math.fround(Number(text))));
    case 'float64':
      return checked(schema, text, finite(text, Number(text)));
    case 'decimal':
      return rescaled(schema, text);
    case 'date':
      return checked(
        schema,
        text,
        isoDate.test(text) && isCalendarDay(text) ? new Date(`${text}T00:00:00Z`) : undefined,
      );
    case 'time':
      return checked(schema, text, isoTime.test(text) ? new Date(`1970-01-01T${text}Z`) : undefined);
    case 'timestamp': {
      const [, date, time, zone = 'Z'] = isoTimestamp.exec(text) ?? [];
      const ahead = offsetMilliseconds(zone);
      if (date === undefined || !isCalendarDay(date) || ahead === undefined) throw misfit(schema, text, undefined);
      return checked(schema, text, new Date(Date.parse(`${date}T${time}Z`) - ahead));
    }
    default:
      throw new DataError(`A text cannot stand for a value of ${schema}.`);
  }
}

function checked(schema: Schema, text: string, value: unknown): unknown {
  if (value === undefined || !fits(schema.representation, value)) throw misfit(schema, text, undefined);
  return value;
}

function rescaled(schema: Schema, text: string): Decimal {
  const { unscaled, scale } = Decimal.parse(text);
  const wanted = Number(schema.parameters?.get('scale') ?? 0);
  if (wanted >= scale) return new Decimal(unscaled * 10n ** BigInt(wanted - scale), wanted);
  const factor = 10n ** BigInt(scale - wanted);
  if (unscaled % factor !== 0n) throw misfit(schema, text, undefined);
  return new Decimal(unscaled / factor, wanted);
}

/** `undefined` for what is no number or too large, and for an integer that a double cannot hold. */
function finite(text: string, number: number): number | undefined {
  if (!decimalNumber.test(text) || !Number.isFinite(number)) return undefined;
  return integer.test(text) && BigInt(text.replace('+', '')) !== BigInt(Number(text)) ? undefined : number;
}
