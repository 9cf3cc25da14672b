export { hashCode, hashMapCopyOrder, hashMapIndexOrder, hashMapOrder } from './collections/hash-map-order.ts';
export type { DateLocale } from './dates/date-symbols.ts';
export { JavaDateFormat, type JavaDateFormatOptions, javaDateToString } from './dates/java-date-format.ts';
export {
  ArithmeticError,
  DateParseError,
  IllegalArgumentError,
  IndexOutOfBoundsError,
  JavaError,
  NumberFormatError,
  RegexSyntaxError,
  RegexUnsupportedError,
} from './errors.ts';
export {
  bigDecimalSetScale,
  bigDecimalToBigInteger,
  bigDecimalToDouble,
  bigDecimalToFloat,
  bigDecimalToLong,
  bigDecimalToLongExact,
  type RoundingMode,
} from './numbers/big-decimal.ts';
export {
  bigIntegerToLong,
  doubleToByte,
  doubleToInt,
  doubleToLong,
  doubleToShort,
  intToByte,
  intToShort,
  longToByte,
  longToFloat,
  longToInt,
  longToShort,
} from './numbers/narrow.ts';
export { parseJavaDouble, parseJavaFloat } from './numbers/parse-floating-point.ts';
export { parseBoolean, parseJavaByte, parseJavaInt, parseJavaLong, parseJavaShort } from './numbers/parse-integer.ts';
export { type FormatPropertiesOptions, formatProperties } from './properties/format-properties.ts';
export { parseProperties } from './properties/parse-properties.ts';
export { compileJavaRegex, type JavaRegex, longestRegexInput } from './regex/java-regex.ts';
export { javaText } from './text/java-text.ts';
