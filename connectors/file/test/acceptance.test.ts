import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acceptance, type InvalidConfig, type SinkDriver, type SourceDriver } from '@millrace/testkit';
import { describe, expect, test } from 'vitest';
import { fileSink, fileSource, fileStreamSink, fileStreamSource } from '../src/plugin.ts';

type Config = Readonly<Record<string, string>>;

/** A place in a directory of its own: a file to which lines are added. */
function linesIn(configFor: (path: string) => Config, invalid: readonly InvalidConfig[]): SourceDriver {
  return {
    invalid,
    open: async () => {
      const directory = await mkdtemp(join(tmpdir(), 'millrace-acceptance-'));
      const path = join(directory, 'lines.txt');
      let lines = 0;
      return {
        config: configFor(path),
        add: (count) => appendFile(path, Array.from({ length: count }, () => `line ${lines++}\n`).join('')),
        remove: () => rm(directory, { recursive: true }),
      };
    },
  };
}

/** A place in a directory of its own: lines are counted in whatever files there are. */
function filesIn(configFor: (directory: string) => Config, invalid: readonly InvalidConfig[] = []): SinkDriver {
  return {
    invalid,
    open: async () => {
      const directory = await mkdtemp(join(tmpdir(), 'millrace-acceptance-'));
      return {
        config: configFor(directory),
        count: async () => {
          let lines = 0;
          for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
            if (!entry.isFile() || entry.name.startsWith('.')) continue;
            lines += (await readFile(join(entry.parentPath, entry.name), 'utf8')).split('\n').length - 1;
          }
          return lines;
        },
        remove: () => rm(directory, { recursive: true }),
      };
    },
  };
}

describe.each([
  [
    fileStreamSource,
    linesIn(
      (file) => ({ file, topic: 'lines' }),
      [{ config: { file: 'x', 'batch.size': 'many' }, problems: ['topic', 'batch.size'] }],
    ),
  ],
  [
    fileSource,
    linesIn(
      (files) => ({ files, topic: 'lines', 'scan.interval.ms': '20' }),
      [
        { config: { format: 'xml' }, problems: ['files', 'topic', 'format'] },
        { config: { files: 'x', topic: 't', 'cleanup.policy': 'move' }, problems: ['cleanup.directory'] },
      ],
    ),
  ],
] as const)('$name', (connector, driver) => {
  test.each(acceptance(connector, driver))('$name', ({ run }) => expect(run()).resolves.toBeUndefined());
});

describe.each([
  [fileStreamSink, filesIn((directory) => ({ file: join(directory, 'lines.txt') }))],
  [
    fileSink,
    filesIn(
      (directory) => ({ directory, 'rotate.interval.ms': '50' }),
      [{ config: { 'rotate.records': '0', format: 'xml' }, problems: ['directory', 'rotate.records', 'format'] }],
    ),
  ],
] as const)('$name', (connector, driver) => {
  test.each(acceptance(connector, driver))('$name', ({ run }) => expect(run()).resolves.toBeUndefined());
});
