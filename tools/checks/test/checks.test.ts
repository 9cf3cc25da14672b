import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { checkCycles } from '../src/cycles.ts';
import { checkDependencyRule } from '../src/dependency-rule.ts';
import { importsOf, packageOf } from '../src/imports.ts';
import { checkRepository } from '../src/index.ts';
import { checkPluginManifests } from '../src/plugin-manifests.ts';
import { checkSources } from '../src/source-rules.ts';
import type { Manifest, Room, WorkspacePackage } from '../src/workspace.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

function packageAt(
  folder: string,
  manifest: Partial<Manifest>,
  sources: Record<string, string> = {},
): WorkspacePackage {
  return {
    room: folder.split('/')[0] as Room,
    folder,
    manifest: { name: `@millrace/${folder.split('/')[1]}`, ...manifest },
    sources: Object.entries(sources).map(([name, text]) => ({ path: `${folder}/src/${name}`, text })),
    tests: [],
  };
}

test('this repository has no problem', async () => {
  expect(await checkRepository(root)).toEqual([]);
});

describe('dependency rule', () => {
  test('refuses what the table does not allow', () => {
    const subject = packageAt('packages/transforms', { dependencies: { '@millrace/kafka': 'workspace:*' } });
    expect(checkDependencyRule([subject])).toEqual([
      'packages/transforms/package.json: may not depend on @millrace/kafka (allowed: api, java).',
    ]);
  });

  test('keeps api free of everything', () => {
    const subject = packageAt('packages/api', { dependencies: { lodash: '*' } });
    expect(checkDependencyRule([subject])[0]).toContain('has no run-time dependencies, by rule; found lodash');
  });

  test('keeps connectors off the runtime, except in tests', () => {
    const bad = packageAt('connectors/x', { dependencies: { '@millrace/runtime': '*' } });
    const good = packageAt('connectors/x', { devDependencies: { '@millrace/testkit': '*' } });
    expect(checkDependencyRule([bad])).toHaveLength(1);
    expect(checkDependencyRule([good])).toEqual([]);
  });

  test('wants a decision for a new package', () => {
    expect(checkDependencyRule([packageAt('packages/brand-new', {})])[0]).toContain('not in the dependency rule');
  });

  test('finds an import that is not declared', () => {
    const subject = packageAt(
      'packages/java',
      {},
      { 'a.ts': "import { x } from '@millrace/api/y';\nimport 'node:fs';" },
    );
    expect(checkDependencyRule([subject])).toEqual([
      'packages/java/src/a.ts: imports @millrace/api, which packages/java/package.json does not declare as a dependency.',
    ]);
  });
});

describe('cycles', () => {
  test('between files are found', () => {
    const files = {
      'a.ts': "import { b } from './b.ts';",
      'b.ts': "export * from './c.ts';",
      'c.ts': "import './a.ts';",
    };
    expect(checkCycles([packageAt('packages/java', {}, files)])).toEqual([
      'Cycle: packages/java/src/a.ts → packages/java/src/b.ts → packages/java/src/c.ts → packages/java/src/a.ts.',
    ]);
  });

  test('of types only are none', () => {
    const files = { 'a.ts': "import type { B } from './b.ts';", 'b.ts': "import { a } from './a.ts';" };
    expect(checkCycles([packageAt('packages/java', {}, files)])).toEqual([]);
  });

  test('between packages are found', () => {
    const a = packageAt('packages/a', { dependencies: { '@millrace/b': '*' } });
    const b = packageAt('packages/b', { peerDependencies: { '@millrace/a': '*' } });
    expect(checkCycles([a, b])).toEqual(['Cycle: @millrace/a → @millrace/b → @millrace/a.']);
  });
});

describe('plugin manifests', () => {
  const millrace = { plugins: './plugin' };
  const found = (sources: Record<string, string>) =>
    checkPluginManifests([packageAt('connectors/x', { millrace }, sources)]);

  test('may not load more than definitions, however far away the import is', () => {
    const files = {
      'plugin.ts': "export { x } from './x.ts';",
      'x.ts': "import { y } from './y.ts';",
      'y.ts': "import { Client } from 'some-client';\nimport { open } from 'node:fs';",
    };
    expect(found(files)).toEqual([
      'connectors/x/src/y.ts: imports some-client, and src/plugin.ts loads it; import it where it is used.',
      'connectors/x/src/y.ts: imports node:fs, and src/plugin.ts loads it; import it where it is used.',
    ]);
  });

  test('may import when a plugin is used, and types at any time', () => {
    const text = "import type { Client } from 'some-client';\nopen: async () => (await import('./task.ts')).open();";
    expect(found({ 'plugin.ts': text, 'task.ts': "import 'some-client';" })).toEqual([]);
  });
});

describe('source rules', () => {
  test.each([
    ['if (e instanceof DataError) {}', 'isInstance'],
    ["new Worker(new URL('./task.ts', import.meta.url))", 'import.meta.resolve'],
    ["spawn('node', [])", 'process.execPath'],
    ['const x = y as any;', 'types'],
  ])('refuse: %s', (line, advice) => {
    const problems = checkSources([packageAt('packages/java', {}, { 'a.ts': `\n${line}\n` })]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('packages/java/src/a.ts:2: ');
    expect(problems[0]).toContain(advice);
  });
});

describe('imports', () => {
  test('of every form are read', () => {
    const text = [
      "import type { A } from 'a';",
      "import b, { type B } from '@scope/b/deep';",
      "import {\n  c,\n} from './c.ts';",
      "export * from 'd';",
      "import 'e';",
      "const f = await import('f');",
      "const text = 'import nothing from here';",
    ].join('\n');
    expect(importsOf(text).map(({ specifier }) => specifier)).toEqual(['a', '@scope/b/deep', './c.ts', 'd', 'e', 'f']);
    expect(importsOf(text).filter(({ typeOnly }) => typeOnly)).toHaveLength(1);
  });

  test('belong to a package, or to none', () => {
    expect(['@a/b/c', 'd/e', './f.ts', '#g', 'node:fs'].map(packageOf)).toEqual([
      '@a/b',
      'd',
      undefined,
      undefined,
      undefined,
    ]);
  });
});
