import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { discoverPlugins } from '../../src/plugins/discovery.ts';
import { loadPluginRegistry } from '../../src/plugins/plugin-registry.ts';
import { temporaryFolder, writeJson, writePackage } from './fixtures/packages.ts';

const names = (found: Awaited<ReturnType<typeof discoverPlugins>>) =>
  found.manifests.map(({ packageName }) => packageName).toSorted();

describe('plugins are found', () => {
  it('among the direct dependencies of the nearest package.json, where Node finds them, and nowhere else', async () => {
    const root = await temporaryFolder();
    const project = join(root, 'project');
    await writeJson(join(root, 'package.json'), { name: 'outer', dependencies: { outside: '*' } });
    await writePackage(join(root, 'node_modules', 'outside'), { name: 'outside' });
    await writeJson(join(project, 'package.json'), {
      name: 'user',
      dependencies: { direct: '*', '@acme/scoped': '*', plain: '*', '../../escape': '*', absent: '*' },
      optionalDependencies: { hoisted: '*' },
    });
    await writePackage(join(project, 'node_modules', 'direct'), {
      name: 'direct',
      manifest: { dependencies: { transitive: '*' } },
    });
    await writePackage(join(project, 'node_modules', '@acme/scoped'), { name: '@acme/scoped' });
    await writeJson(join(project, 'node_modules', 'plain', 'package.json'), { name: 'plain' });
    await writePackage(join(project, 'node_modules', 'transitive'), { name: 'transitive' });
    await writePackage(join(root, 'node_modules', 'hoisted'), { name: 'hoisted' });
    await writePackage(join(root, 'escape'), { name: 'escape' });
    await mkdir(join(project, 'deep', 'inside'), { recursive: true });
    const found = await discoverPlugins({ workingDirectory: join(project, 'deep', 'inside') });
    expect(found.problems).toEqual([]);
    expect(names(found)).toEqual(['@acme/scoped', 'direct', 'hoisted']);
  });

  it('in the package itself that its author works on', async () => {
    const root = await temporaryFolder();
    await writePackage(root, { name: 'mine' });
    expect(names(await discoverPlugins({ workingDirectory: root }))).toEqual(['mine']);
  });

  it('among what is bundled, and among the children of plugin.path, two versions side by side', async () => {
    const root = await temporaryFolder();
    await writeJson(join(root, 'worker', 'package.json'), { name: 'worker', dependencies: { bundled: '*' } });
    await writePackage(join(root, 'node_modules', 'bundled'), { name: 'bundled' });
    for (const version of ['1.0.0', '2.0.0']) {
      await writePackage(join(root, 'plugins', `two-${version}`), { name: 'two', version });
    }
    await writePackage(join(root, 'plugins', '@acme', 'third'), { name: '@acme/third' });
    await writePackage(join(root, 'plugins', 'folder', 'too-deep'), { name: 'too-deep' });
    await writeJson(join(root, 'plugins', 'some.jar'), 'PK');
    await mkdir(join(root, 'empty'));
    const found = await discoverPlugins({
      workingDirectory: join(root, 'empty'),
      bundledWith: join(root, 'worker'),
      pluginPath: [join(root, 'plugins')],
    });
    expect(found.problems).toEqual([]);
    expect(names(found)).toEqual(['@acme/third', 'bundled', 'two', 'two']);

    const registry = await loadPluginRegistry(found.manifests);
    const versionOf = (version?: string) => registry.find({ name: 'two', version }, 'source').reference.version;
    expect([versionOf(), versionOf('1.0'), versionOf('[1,2)'), versionOf('latest')]).toEqual([
      '2.0.0',
      '1.0.0',
      '1.0.0',
      '2.0.0',
    ]);
    expect(() => versionOf('3')).toThrow(
      'Plugin two not found that matches the version range [3], available versions: [1.0.0, 2.0.0]',
    );
    expect(() => versionOf('[1')).toThrow(
      'Plugin two is asked for in version [1, which is no version and no range such as [1.0,2.0), available',
    );
  });

  it('and what is broken is told and skipped', async () => {
    const root = await temporaryFolder();
    const path = join(root, 'plugins');
    await writePackage(join(path, 'good'), { name: 'good' });
    await writeJson(join(path, 'no-json', 'package.json'), '{');
    await writePackage(join(path, 'no-text'), { name: 'no-text', manifest: { millrace: { plugins: 7 } } });
    await writePackage(join(path, 'no-export'), { name: 'no-export', manifest: { exports: {} } });
    await writePackage(join(path, 'outside'), {
      name: 'outside',
      manifest: { exports: { './plugin': './../good/plugin.js' } },
    });
    await writePackage(join(path, 'throws'), { name: 'throws', module: 'throw new Error("it is Monday")' });
    await writePackage(join(path, 'nothing'), { name: 'nothing', module: 'export const a = 1;' });
    await writePackage(join(path, 'no-version'), {
      name: 'no-version',
      module: 'export const a = { kind: "sink", name: "a" };',
    });
    const missing = join(root, 'missing');
    const { manifests, problems } = await discoverPlugins({ workingDirectory: path, pluginPath: [path, missing] });
    const all = [...problems];
    const registry = await loadPluginRegistry(manifests, { report: (problem) => all.push(problem) });
    expect(registry.plugins.map(({ reference }) => reference.className)).toEqual(['good']);
    const of = (name: string) => all.filter(({ where }) => where.includes(`/${name}`)).map(({ message }) => message);
    expect(of('missing')).toEqual([expect.stringContaining('ENOENT')]);
    expect(of('no-json')).toEqual([expect.stringContaining('package.json is no JSON')]);
    expect(of('no-text')).toEqual([expect.stringContaining('must name an export of the package')]);
    expect(of('no-export')).toEqual([expect.stringContaining('names ./plugin, which "exports" does not lead to')]);
    expect(of('outside')).toEqual([expect.stringContaining('names ./plugin, which "exports" does not lead to')]);
    expect(of('throws')).toEqual([expect.stringContaining('it is Monday')]);
    expect(of('nothing')).toEqual([expect.stringContaining('exports no definition')]);
    expect(of('no-version')).toEqual([expect.stringContaining('exports a sink without name, version or config')]);
    expect(all).toHaveLength(8);
  });
});

describe('a name that several plugins have', () => {
  it('is refused with the candidates, and the whole class name is not', async () => {
    const root = await temporaryFolder();
    await writePackage(join(root, 'a'), { name: 'a', java: ['org.one.FooSourceConnector'] });
    await writePackage(join(root, 'b'), { name: 'b', java: ['org.two.FooSourceConnector'] });
    await writePackage(join(root, 'c'), { name: 'c', java: ['org.one.BarSourceConnector'] });
    const { manifests } = await discoverPlugins({ workingDirectory: join(root, 'nowhere'), pluginPath: [root] });
    const registry = await loadPluginRegistry(manifests);
    for (const name of ['FooSource', 'FooSourceConnector']) {
      expect(() => registry.find(name, 'source', 'sink')).toThrow(
        `The name ${name} stands for several plugins: org.one.FooSourceConnector 1.0.0 of a; org.two.FooSourceConnector 1.0.0 of b. Use the whole name of a class, or remove the other package.`,
      );
    }
    expect(registry.find('org.two.FooSourceConnector', 'source').packageName).toBe('b');
    expect(registry.find('BarSource', 'source').reference.className).toBe('org.one.BarSourceConnector');
  });
});

it('fifty plugins are there in well under a second', async () => {
  const root = await temporaryFolder();
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => writePackage(join(root, `p${index}`), { name: `p${index}` })),
  );
  const start = performance.now();
  const { manifests } = await discoverPlugins({ workingDirectory: root, pluginPath: [root] });
  const registry = await loadPluginRegistry(manifests);
  const elapsed = performance.now() - start;
  expect(registry.plugins).toHaveLength(50);
  expect(elapsed).toBeLessThan(1000);
});
