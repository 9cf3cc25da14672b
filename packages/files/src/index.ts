export {
  type FileNameParts,
  NameTemplate,
  type NameTemplateOptions,
  type OffsetRange,
} from './naming/name-template.ts';
export {
  type Partitioner,
  partitionByField,
  partitionByKafka,
  partitionByTime,
  type TimePartitionerOptions,
} from './naming/partitioner.ts';
export { createReader, type ReaderOptions, type ReadFormatName } from './read/create-reader.ts';
export type { CsvOptions } from './read/csv.ts';
export type { ReadLimits, RecordReader } from './read/record-reader.ts';
export { type FileProgress, isFull, type RotationLimits } from './rotation/rotation-policy.ts';
export { createFormat, type WriteFormatName } from './write/create-format.ts';
export type { CsvFormatOptions } from './write/csv-format.ts';
export { jsonText } from './write/json-text.ts';
export type { WriteFormat } from './write/write-format.ts';
