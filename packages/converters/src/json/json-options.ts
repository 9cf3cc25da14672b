/** How decimal numbers are written: as base64 of the unscaled value, or as a JSON number. Both are read. */
export type DecimalFormat = 'BASE64' | 'NUMERIC';

export interface JsonFormat {
  readonly decimalFormat: DecimalFormat;
  /** Whether the default of a schema stands in for null. */
  readonly replaceNullWithDefault: boolean;
}
