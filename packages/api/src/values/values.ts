import { parseString } from './parse-string.ts';
import { convertToList, convertToMap } from './to-collection.ts';
import { convertToDecimal } from './to-decimal.ts';
import {
  convertToBoolean,
  convertToByte,
  convertToDouble,
  convertToFloat,
  convertToInteger,
  convertToLong,
  convertToShort,
} from './to-number.ts';
import { convertToDate, convertToTime, convertToTimestamp } from './to-temporal.ts';
import { convertToString } from './to-text.ts';

/**
 * Conversions between the types, as Kafka Connect's own class of this name makes them; headers travel as texts made
 * and read here. `schema` is the one that the value has, `null` for none.
 *
 * An integer that does not fit its new type is a DataError; Java would keep its low bits.
 */
export const Values: {
  readonly convertToBoolean: typeof convertToBoolean;
  readonly convertToByte: typeof convertToByte;
  readonly convertToShort: typeof convertToShort;
  readonly convertToInteger: typeof convertToInteger;
  readonly convertToLong: typeof convertToLong;
  readonly convertToFloat: typeof convertToFloat;
  readonly convertToDouble: typeof convertToDouble;
  readonly convertToString: typeof convertToString;
  readonly convertToList: typeof convertToList;
  readonly convertToMap: typeof convertToMap;
  readonly convertToDate: typeof convertToDate;
  readonly convertToTime: typeof convertToTime;
  readonly convertToTimestamp: typeof convertToTimestamp;
  readonly convertToDecimal: typeof convertToDecimal;
  readonly parseString: typeof parseString;
} = Object.freeze({
  convertToBoolean,
  convertToByte,
  convertToShort,
  convertToInteger,
  convertToLong,
  convertToFloat,
  convertToDouble,
  convertToString,
  convertToList,
  convertToMap,
  convertToDate,
  convertToTime,
  convertToTimestamp,
  convertToDecimal,
  parseString,
});
