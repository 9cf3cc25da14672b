import { defineSource, type SourcePlugin } from '@millrace/api';
import { verifiableOffset, verifiablePartition, verifiableSourceConfig, verifiableSourceTaskConfig } from './config.ts';
import { version } from './version.ts';

/**
 * Gives the numbers 0, 1, 2, …: the key is the task, the value the number. Whoever has the topic, or what a sink has made of
 * it, can tell what is missing and what is there twice.
 */
export const verifiableSource: SourcePlugin<
  typeof verifiableSourceConfig,
  typeof verifiablePartition,
  typeof verifiableOffset,
  typeof verifiableSourceTaskConfig
> = defineSource({
  name: 'verifiable-source',
  version,
  doc: 'Gives the numbers 0, 1, 2, … from each task, so that a checker can count them.',
  java: [
    {
      connector: 'org.apache.kafka.connect.tools.VerifiableSourceConnector',
      task: 'org.apache.kafka.connect.tools.VerifiableSourceTask',
    },
  ],
  config: verifiableSourceConfig,
  taskConfig: verifiableSourceTaskConfig,
  partition: verifiablePartition,
  offset: verifiableOffset,
  tasks: ({ raw, max }) => Array.from({ length: max }, (_, id) => ({ ...raw, id: `${id}` })),
  exactlyOnce: ({ exactlyOnce }) => exactlyOnce,
  transactionBoundaries: ({ transactionRecords }) => transactionRecords !== null,
  open: async (context) => (await import('./verifiable-source-task.ts')).open(context),
});
