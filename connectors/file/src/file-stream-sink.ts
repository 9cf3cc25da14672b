import { defineSink } from '@millrace/api';
import { fileStreamSinkConfig } from './config.ts';
import { version } from './version.ts';

/** Java's FileStreamSink: appends the text of each value to one file, or writes it to standard output. */
export const fileStreamSink = defineSink({
  name: 'file-stream-sink',
  version,
  doc: 'Appends the text of each value as a line to one file, or to standard output. The FileStreamSink of Kafka Connect.',
  java: [
    {
      connector: 'org.apache.kafka.connect.file.FileStreamSinkConnector',
      task: 'org.apache.kafka.connect.file.FileStreamSinkTask',
    },
  ],
  config: fileStreamSinkConfig,
  open: async (context) => (await import('./file-stream-sink-task.ts')).open(context),
});
