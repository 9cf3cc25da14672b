import {
  createFormat,
  NameTemplate,
  type Partitioner,
  partitionByField,
  partitionByKafka,
  partitionByTime,
  type RotationLimits,
  type WriteFormat,
} from '@millrace/files';
import { delimiterOf } from './file-delimiter.ts';
import type { FileSinkConfig } from './file-sink-config.ts';

/** What the files of a task have in common. */
export interface SinkSettings {
  /** Its name: what others leave unfinished is theirs. */
  readonly connector: string;
  readonly directory: string;
  readonly format: WriteFormat;
  readonly isCompressed: boolean;
  /** What follows the name of a file. */
  readonly extension: string;
  readonly template: NameTemplate;
  readonly limits: RotationLimits;
}

export function settingsOf(config: FileSinkConfig, connector: string): SinkSettings {
  const format = createFormat(config.format, { delimiter: delimiterOf(config.csvDelimiter), header: config.csvHeader });
  const isCompressed = config.compression === 'gzip';
  return {
    connector,
    directory: config.directory,
    format,
    isCompressed,
    extension: `${format.extension}${isCompressed ? '.gz' : ''}`,
    template: new NameTemplate(config.fileName, { timeZone: config.timezone }),
    limits: { maxRecords: config.rotateRecords, maxBytes: config.rotateBytes, maxAge: config.rotateInterval },
  };
}

export function partitionerOf(config: FileSinkConfig): Partitioner {
  switch (config.partitioner) {
    case 'default':
      return partitionByKafka;
    case 'field':
      return partitionByField(config.partitionFields);
    case 'time':
      return partitionByTime({
        pathFormat: config.pathFormat,
        timeZone: config.timezone,
        duration: config.pathDuration,
        field: config.timestampField,
      });
  }
}
