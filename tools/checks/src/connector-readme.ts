import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { configMarkdown, type SinkPlugin, type SourcePlugin } from '@millrace/api';
import type { WorkspacePackage } from './workspace.ts';

/** Every connector of a package with its keys, for the package's README. */
export async function connectorReadme(root: string, { folder, manifest }: WorkspacePackage): Promise<string> {
  const target = manifest.exports?.['./plugin'];
  const source = typeof target === 'object' ? target['@millrace/source'] : undefined;
  if (source === undefined) throw new Error('has no "./plugin" among its exports.');
  const plugins = await import(pathToFileURL(join(root, folder, source)).href);
  const definitions = Object.values(plugins as Readonly<Record<string, SourcePlugin | SinkPlugin>>);
  return definitions
    .sort((left, right) => left.name.localeCompare(right.name))
    .map(section)
    .join('\n\n');
}

function section({ name, doc, java = [], config }: SourcePlugin | SinkPlugin): string {
  const names = [name, ...java.map(({ connector }) => connector)].map((text) => `\`${text}\``);
  return [
    `### ${name}`,
    ...(doc === undefined ? [] : [doc]),
    `Class: ${names.join(', ')}.`,
    configMarkdown(config).trim(),
  ].join('\n\n');
}
