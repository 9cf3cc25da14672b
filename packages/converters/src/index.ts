export { type ByteArrayConverterOptions, createByteArrayConverter } from './byte-array-converter.ts';
export { asHeaderConverter } from './header-converter.ts';
export { createJsonConverter, type JsonConverterOptions } from './json/json-converter.ts';
export type { DecimalFormat } from './json/json-options.ts';
export type { PartName } from './locate-error.ts';
export {
  createBooleanConverter,
  createDoubleConverter,
  createFloatConverter,
  createIntegerConverter,
  createLongConverter,
  createShortConverter,
  type PrimitiveConverterOptions,
} from './primitive-converters.ts';
export { createSimpleHeaderConverter } from './simple-header-converter.ts';
export { createStringConverter, type StringConverterOptions } from './string/string-converter.ts';
