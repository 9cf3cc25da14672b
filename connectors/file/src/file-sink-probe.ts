import { access, constants, mkdir } from 'node:fs/promises';
import { type ConfigProblem, MillraceError } from '@millrace/api';
import { NameTemplate } from '@millrace/files';
import type { FileSinkConfig } from './file-sink-config.ts';
import { partitionerOf } from './file-sink-settings.ts';

/** Whether the directory can be written to, and templates and formats can be understood. */
export async function probe(config: FileSinkConfig): Promise<readonly ConfigProblem[]> {
  const problems: ConfigProblem[] = [];
  const check = async (key: string, attempt: () => unknown): Promise<void> => {
    try {
      await attempt();
    } catch (error) {
      const { message } = error as Error;
      problems.push({ key, message: MillraceError.isInstance(error) ? message : `${key}: ${message}` });
    }
  };
  await check('directory', async () => {
    await mkdir(config.directory, { recursive: true });
    await access(config.directory, constants.W_OK | constants.X_OK);
  });
  await check('file.name', () => new NameTemplate(config.fileName, { timeZone: config.timezone }));
  await check(config.partitioner === 'time' ? 'path.format' : 'partitioner', () => partitionerOf(config));
  return problems;
}
