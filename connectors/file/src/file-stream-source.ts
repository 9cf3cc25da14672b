import { ConfigError, defineSource, type OffsetChange } from '@millrace/api';
import {
  type FileStreamOffset,
  type FileStreamPartition,
  type FileStreamSourceConfig,
  fileStreamOffset,
  fileStreamPartition,
  fileStreamSourceConfig,
  hasFile,
} from './config.ts';
import { version } from './version.ts';

/** Java's FileStreamSource: follows one file as it grows, or reads standard input; each line is a record. */
export const fileStreamSource = defineSource({
  name: 'file-stream-source',
  version,
  doc: 'Follows one file as it grows, or reads standard input: each line is a record. The FileStreamSource of Kafka Connect.',
  java: [
    {
      connector: 'org.apache.kafka.connect.file.FileStreamSourceConnector',
      task: 'org.apache.kafka.connect.file.FileStreamSourceTask',
    },
  ],
  config: fileStreamSourceConfig,
  partition: fileStreamPartition,
  offset: fileStreamOffset,
  exactlyOnce: (config) => (hasFile(config) ? 'supported' : 'unsupported'),
  alterOffsets: async (config, changes) => requireValid(config, changes),
  open: async (context) => (await import('./file-stream-source-task.ts')).open(context),
});

/** Java's checks, in Java's order: only what may be set is looked at, not what is forgotten. */
function requireValid(
  config: FileStreamSourceConfig,
  changes: readonly OffsetChange<FileStreamPartition, FileStreamOffset>[],
): void {
  if (!hasFile(config)) {
    throw refused(
      'file',
      "Offsets cannot be modified if the 'file' configuration is unspecified. This is because stdin is used for input and offsets are not tracked.",
    );
  }
  for (const { partition, offset } of changes) {
    if (offset === null) continue;
    if (!Object.hasOwn(offset, 'position')) {
      throw refused('offset', "Offset objects should either be null or contain the key 'position'");
    }
    if (typeof offset.position !== 'bigint') {
      throw refused('offset', "The value for the 'position' key in the offset is expected to be a Long value");
    }
    if (offset.position < 0n) {
      throw refused('offset', "The value for the 'position' key in the offset should be a non-negative value");
    }
    if (partition === null) throw refused('partition', 'Partition objects cannot be null');
    if (!Object.hasOwn(partition, 'filename')) {
      throw refused('partition', "Partition objects should contain the key 'filename'");
    }
  }
}

function refused(key: string, message: string): ConfigError {
  return new ConfigError([{ key, message }]);
}
