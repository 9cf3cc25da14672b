import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Manifest, WorkspacePackage } from './workspace.ts';

const repository = 'https://github.com/millrace/millrace';

/** What all packages have alike, so that whoever knows one knows all. */
export async function checkConformity(root: string, workspace: readonly WorkspacePackage[]): Promise<string[]> {
  const problems = await checkReleaseGroup(root, workspace);
  for (const subject of workspace) {
    const { folder, manifest, tests } = subject;
    const report = (problem: string): void => {
      problems.push(`${folder}: ${problem}`);
    };
    if (manifest['type'] !== 'module') report('package.json must say "type": "module".');
    if (manifest['license'] !== 'Apache-2.0') report('package.json must say "license": "Apache-2.0".');
    if (!manifest.description) report('package.json needs a description: the package table is made from it.');
    if (!existsSync(join(root, folder, 'README.md'))) report('has no README.md.');
    if (tests.length === 0 && subject.room !== 'examples') report('has no test/*.test.ts.');
    if (manifest.private === true) continue;
    for (const problem of published(folder, manifest)) report(problem);
    await checkBuildConfig(root, folder, report);
    if (subject.room === 'connectors') for (const problem of connector(subject)) report(problem);
  }
  return problems;
}

/** The core and the worker are released with one version; connectors each have their own. */
async function checkReleaseGroup(root: string, workspace: readonly WorkspacePackage[]): Promise<string[]> {
  const path = '.changeset/config.json';
  const { fixed } = JSON.parse(await readFile(join(root, path), 'utf8')) as { fixed: readonly string[][] };
  const core = workspace.filter(({ room, manifest }) => manifest.private !== true && room !== 'connectors');
  const expected = core.map(({ manifest }) => manifest.name).sort();
  return same(fixed, [expected]) ? [] : [`${path}: "fixed" must be ${JSON.stringify([expected])}.`];
}

function* published(folder: string, manifest: Manifest): Generator<string> {
  const expected = {
    homepage: `${repository}/tree/main/${folder}#readme`,
    bugs: `${repository}/issues`,
    repository: { type: 'git', url: `git+${repository}.git`, directory: folder },
    sideEffects: false,
    engines: { node: '>=24' },
    files: ['dist', 'src'],
  };
  for (const [field, value] of Object.entries(expected)) {
    if (!same(manifest[field], value)) yield `package.json must say "${field}": ${JSON.stringify(value)}.`;
  }
  const { publishConfig, exports = {} } = manifest;
  if (publishConfig?.access !== 'public') yield 'publishConfig.access must be "public".';
  if (publishConfig?.provenance !== true) yield 'publishConfig.provenance must be true.';
  if (exports['./package.json'] !== './package.json') yield 'exports must hold "./package.json".';
  if (!same(publishConfig?.exports, withoutSource(exports))) {
    yield 'publishConfig.exports must be exports without the "@millrace/source" condition.';
  }
  if (manifest.imports !== undefined && !same(publishConfig?.imports, withoutSource(manifest.imports))) {
    yield 'publishConfig.imports must be imports without the "@millrace/source" condition.';
  }
  for (const [path, target] of Object.entries(exports)) {
    if (typeof target === 'string') continue;
    const source = target['@millrace/source'];
    const name = /^\.\/src\/(.+)\.ts$/.exec(source ?? '')?.[1];
    if (!same(target, { '@millrace/source': source, types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` })) {
      yield `exports["${path}"] must be { "@millrace/source": "./src/X.ts", "types": "./dist/X.d.ts", "default": "./dist/X.js" }.`;
    }
  }
}

function* connector({ folder, manifest, sources }: WorkspacePackage): Generator<string> {
  const name = `@millrace/connector-${basename(folder)}`;
  if (manifest.name !== name) yield `package.json must say "name": "${name}".`;
  for (const file of ['index', 'plugin', 'version']) {
    if (!sources.some(({ path }) => path === `${folder}/src/${file}.ts`)) yield `has no src/${file}.ts.`;
  }
  if (manifest.millrace?.plugins !== './plugin') yield 'package.json must say "millrace": { "plugins": "./plugin" }.';
  if (manifest.exports?.['./plugin'] === undefined) yield 'exports must hold "./plugin".';
  for (const field of ['peerDependencies', 'devDependencies'] as const) {
    if (manifest[field]?.['@millrace/api'] === undefined) yield `@millrace/api must be in ${field}.`;
  }
}

async function checkBuildConfig(root: string, folder: string, report: (problem: string) => void): Promise<void> {
  const base = folder.startsWith('packages/') ? 'library' : 'base';
  const expected = {
    extends: [`../../tsconfig.${base}.json`, '../../tsconfig.emit.json'],
    compilerOptions: { rootDir: 'src', outDir: 'dist' },
    include: ['src'],
  };
  const text = await readFile(join(root, folder, 'tsconfig.build.json'), 'utf8').catch(() => 'null');
  if (!same(JSON.parse(text), expected)) report(`tsconfig.build.json must be ${JSON.stringify(expected)}.`);
}

function withoutSource(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== '@millrace/source');
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutSource(inner)]));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
