import { type ConfigProblem, defineSink } from '@millrace/api';
import { type FileSinkConfig, fileSinkConfig } from './file-sink-config.ts';
import { version } from './version.ts';

/** Writes files that are complete from the moment they have their name, each record in exactly one of them. */
export const fileSink = defineSink({
  name: 'file-sink',
  version,
  doc: 'Writes files of lines, CSV or JSON lines, by size, count and time; every record is in exactly one of them.',
  config: fileSinkConfig,
  validate,
  probe: async (config) => (await import('./file-sink-probe.ts')).probe(config),
  open: async (context) => (await import('./file-sink-task.ts')).open(context),
});

function validate(config: FileSinkConfig): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (!/^(?:[ !#-~]|\\t|tab)$/.test(config.csvDelimiter)) {
    problems.push({
      key: 'csv.delimiter',
      message: 'csv.delimiter must be one character of ASCII that is no quote, or `tab`.',
    });
  }
  if (config.partitioner === 'field' && config.partitionFields.length === 0) {
    problems.push({
      key: 'partition.fields',
      message: 'partitioner=field needs partition.fields: the fields to go by.',
    });
  }
  return problems;
}
