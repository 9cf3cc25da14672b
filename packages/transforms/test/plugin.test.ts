import { execFileSync } from 'node:child_process';
import type { PredicatePlugin, TransformPlugin } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import * as manifest from '../src/plugin.ts';

const plugins = Object.values(manifest) as unknown as readonly (TransformPlugin | PredicatePlugin)[];

describe('the manifest', () => {
  it('names each plugin and each Java class once', () => {
    const names = plugins.map(({ name }) => name);
    const classes = plugins.flatMap(({ java }) => java ?? []);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(classes).size).toBe(classes.length);
    expect(classes).toContain('org.apache.kafka.connect.transforms.InsertField$Key');
    expect(classes).toContain('org.apache.kafka.connect.transforms.predicates.TopicNameMatches');
  });

  it('loads no implementation before a plugin is made', () => {
    const script = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
      await import(${JSON.stringify(import.meta.resolve('../src/plugin.ts'))});
      const names = loaded.map((url) => url.slice(url.lastIndexOf('/') + 1));
      console.log(names.filter((name) => /^(plugin|cast|mask-field|timestamp-converter)\\.ts$/.test(name)).join());
    `;
    const output = execFileSync(
      process.execPath,
      ['--conditions=@millrace/source', '--input-type=module', '--eval', script],
      { encoding: 'utf8', timeout: 20_000 },
    );
    expect(output.trim()).toBe('plugin.ts');
  });
});
