import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deviationTable } from '@millrace/golden';
import { connectorReadme } from './connector-readme.ts';
import { packageTable } from './package-table.ts';
import { transformsReadme } from './transforms-readme.ts';
import type { WorkspacePackage } from './workspace.ts';

/** A part of a Markdown file that is written by a program, between two comments that carry its name. */
interface GeneratedBlock {
  /** From the root. */
  readonly file: string;
  readonly name: string;
  readonly content: () => string | Promise<string>;
}

function generatedBlocks(root: string, workspace: readonly WorkspacePackage[]): readonly GeneratedBlock[] {
  return [
    { file: 'README.md', name: 'packages', content: () => packageTable(workspace) },
    { file: 'docs/compatibility.md', name: 'deviations', content: deviationTable },
    { file: 'packages/transforms/README.md', name: 'transforms', content: transformsReadme },
    ...workspace
      .filter(({ room }) => room === 'connectors')
      .map((subject) => ({
        file: `${subject.folder}/README.md`,
        name: 'config',
        content: () => connectorReadme(root, subject),
      })),
  ];
}

/**
 * Compares everything that is generated with what it should be, and writes it when asked to.
 *
 * @returns a problem for each part that is out of date or has no place in its file.
 */
export async function updateGenerated(
  root: string,
  workspace: readonly WorkspacePackage[],
  mode: 'check' | 'write',
): Promise<string[]> {
  const problems: string[] = [];
  for (const block of generatedBlocks(root, workspace)) {
    problems.push(...(await update(root, block.file, mode, (before) => replaceBlock(before, block))));
  }
  for (const { folder, manifest } of workspace) {
    const file = `${folder}/src/version.ts`;
    if (!existsSync(join(root, file))) continue;
    problems.push(...(await update(root, file, mode, () => versionFile(String(manifest['version'])))));
  }
  return problems;
}

async function update(
  root: string,
  file: string,
  mode: 'check' | 'write',
  replace: (before: string) => string | Promise<string>,
): Promise<string[]> {
  const path = join(root, file);
  const before = await readFile(path, 'utf8');
  let after: string;
  try {
    after = await replace(before);
  } catch (error) {
    return [`${file}: ${(error as Error).message}`];
  }
  if (after === before) return [];
  if (mode === 'check') return [`${file}: out of date; run pnpm generate.`];
  await writeFile(path, after);
  return [];
}

async function replaceBlock(before: string, { name, content }: GeneratedBlock): Promise<string> {
  const [open, close] = [`<!-- generated: ${name} -->`, `<!-- /generated: ${name} -->`];
  const start = before.indexOf(open);
  const end = before.indexOf(close);
  if (start < 0 || end < start) throw new Error(`needs the lines '${open}' and '${close}' around its generated part.`);
  return `${before.slice(0, start + open.length)}\n\n${(await content()).trim()}\n\n${before.slice(end)}`;
}

function versionFile(version: string): string {
  return `/** Written by \`pnpm generate\`. */\nexport const version = '${version}';\n`;
}
