import { defineSink, type SinkPlugin } from '@millrace/api';
import { verifiableSinkConfig, verifiableSinkTaskConfig } from './config.ts';
import { version } from './version.ts';

/** Writes down which numbers it got, as slowly as it is told. */
export const verifiableSink: SinkPlugin<typeof verifiableSinkConfig, typeof verifiableSinkTaskConfig> = defineSink({
  name: 'verifiable-sink',
  version,
  doc: 'Writes down the numbers of a verifiable source, so that a checker can count them.',
  java: [
    {
      connector: 'org.apache.kafka.connect.tools.VerifiableSinkConnector',
      task: 'org.apache.kafka.connect.tools.VerifiableSinkTask',
    },
  ],
  config: verifiableSinkConfig,
  taskConfig: verifiableSinkTaskConfig,
  tasks: ({ raw, max }) => Array.from({ length: max }, (_, id) => ({ ...raw, id: `${id}` })),
  open: async (context) => (await import('./verifiable-sink-task.ts')).open(context),
});
