import { basename, dirname, join, matchesGlob, resolve } from 'node:path';
import { type ConfigProblem, defineSource } from '@millrace/api';
import {
  type FileSourceConfig,
  fileSourceConfig,
  fileSourceOffset,
  fileSourcePartition,
  fileSourceTaskConfig,
} from './file-source-config.ts';
import { version } from './version.ts';

/** Reads growing, rotated and compressed files, any number of them. */
export const fileSource = defineSource({
  name: 'file-source',
  version,
  doc: 'Reads files as they grow, are rotated, or are dropped into a directory: lines, CSV and JSON lines, also compressed.',
  config: fileSourceConfig,
  taskConfig: fileSourceTaskConfig,
  partition: fileSourcePartition,
  offset: fileSourceOffset,
  exactlyOnce: () => 'supported',
  validate,
  tasks: async (request) => (await import('./file-source-shares.ts')).tasks(request),
  watch: async (context) => (await import('./file-source-shares.ts')).watch(context),
  open: async (context) => (await import('./file-source-task.ts')).open(context),
});

function validate(config: FileSourceConfig): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (!/^(?:[ -~]|\\t|tab)$/.test(config.csvDelimiter) || /["\r\n]/.test(config.csvDelimiter)) {
    problems.push({
      key: 'csv.delimiter',
      message: 'csv.delimiter must be one character of ASCII that is no quote, or `tab`.',
    });
  }
  if (config.cleanupPolicy === 'move' && config.cleanupDirectory === null) {
    problems.push({
      key: 'cleanup.directory',
      message: 'cleanup.policy=move needs cleanup.directory: where to move to.',
    });
  }
  if (config.cleanupPolicy === 'move' && config.cleanupDirectory !== null) {
    const glob = globThatFinds(config.cleanupDirectory, config);
    if (glob !== undefined) {
      problems.push({
        key: 'cleanup.directory',
        message: `cleanup.directory=${config.cleanupDirectory} is where ${glob} of files looks: every file would be read again. Name another directory, or add ${join(config.cleanupDirectory, '**')} to files.exclude.`,
      });
    }
  }
  if (config.csvHeader && config.csvColumns.length > 0) {
    problems.push({
      key: 'csv.columns',
      message: 'csv.columns are for files without a header: set csv.header=false too.',
    });
  }
  return problems;
}

/** The glob that may find what is moved to the directory. */
function globThatFinds(directory: string, { files, exclude }: FileSourceConfig): string | undefined {
  return files.find((glob) => {
    const name = basename(glob);
    const inside = resolve(directory, name.replaceAll(/\*+|[?[\]]/g, 'x'));
    if (exclude.some((pattern) => matchesGlob(inside, resolve(pattern)))) return false;
    return matchesGlob(inside, name === '**' ? resolve(glob) : resolve(dirname(glob), '*'));
  });
}
