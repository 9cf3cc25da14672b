import { describe, expect, it } from 'vitest';
import { loadPluginRegistry } from '../../src/plugins/plugin-registry.ts';
import { pluginModule } from '../host/fixtures/specs.ts';

const converters = import.meta.resolve('@millrace/converters/plugin');
const transforms = import.meta.resolve('@millrace/transforms/plugin');

describe('the plugins of some manifests', () => {
  it.each([
    ['org.apache.kafka.connect.json.JsonConverter', 'converter'],
    ['JsonConverter', 'converter'],
    ['Json', 'converter'],
    ['json', 'converter'],
    ['org.apache.kafka.connect.json.JsonConverter', 'header-converter'],
    ['SimpleHeaderConverter', 'header-converter'],
    ['Simple', 'header-converter'],
    ['org.apache.kafka.connect.transforms.Cast$Value', 'transform'],
    ['Cast$Value', 'transform'],
    ['TopicNameMatches', 'predicate'],
  ] as const)('are found by the name %s among %s plugins', async (name, kind) => {
    const registry = await loadPluginRegistry([converters, transforms]);
    const { kind: found, reference } = registry.find(name, kind);
    expect(found).toBe(kind);
    expect(reference.className).toMatch(/^org\.apache\.kafka\.connect\./);
    expect([converters, transforms]).toContain(reference.module);
  });

  it('keep the versions of a class for its key and its value apart', async () => {
    const registry = await loadPluginRegistry([transforms]);
    const of = (name: string) => registry.find(name, 'transform').reference;
    expect(of('Cast$Key').exportName).not.toBe(of('Cast$Value').exportName);
  });

  it('say what there is when a name is not known', async () => {
    const registry = await loadPluginRegistry([pluginModule]);
    expect(() => registry.find('Nope', 'source', 'sink')).toThrow(
      "No connector is known by the name Nope. Install its package and name it in the worker's plugins; known are: lines, numbers, odd, plain-sink, plain-source.",
    );
    expect(() => registry.find('plain-sink', 'source')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });

  it('say which module cannot be loaded', async () => {
    await expect(loadPluginRegistry(['file:///nowhere.js'])).rejects.toMatchObject({
      code: 'PLUGIN_NOT_LOADED',
      message: expect.stringContaining('file:///nowhere.js'),
    });
  });
});
