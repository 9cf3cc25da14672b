import { readdirSync } from 'node:fs';
import {
  Headers,
  type PredicatePlugin,
  parseConfig,
  SinkRecord,
  silentLogger,
  type TransformPlugin,
} from '@millrace/api';
import { describe, expect, it } from 'vitest';
import type { ExampleRecord, TransformExample } from '../examples/example.ts';
import * as manifest from '../src/plugin.ts';
import { deepFreeze } from './make.ts';

const directory = `${import.meta.dirname}/../examples`;
const plugins = Object.values(manifest) as unknown as readonly (TransformPlugin | PredicatePlugin)[];
const files = await Promise.all(
  readdirSync(directory)
    .filter((file) => file !== 'example.ts')
    .map(async (file) => ({ name: file.replace(/\.ts$/, ''), examples: await examplesIn(file) })),
);

describe.each(files)('the examples of $name', ({ name: file, examples }) => {
  it.each(examples)('$title', async ({ plugin: name = file, config: raw, before, after }) => {
    const plugin = plugins.find((candidate) => candidate.name === name);
    if (plugin === undefined) throw new RangeError(`No plugin is called ${name}.`);
    const { config } = parseConfig(plugin.config, raw);
    expect(plugin.validate?.(config) ?? []).toEqual([]);
    const context = { config, log: silentLogger, signal: new AbortController().signal };
    const record = deepFreeze(recordOf(before));
    const result =
      plugin.kind === 'predicate'
        ? (await plugin.create(context)).test(record)
        : (await plugin.create(context)).apply(record, undefined);
    expect(result).toEqual(typeof after === 'object' && after !== null ? recordOf(after) : after);
  });
});

it('every transform and predicate has an example', () => {
  // A transform of keys is shown by the one of values.
  const own = plugins.filter(({ name }) => !plugins.some((other) => `${other.name}-key` === name));
  const shown = new Set(files.map(({ name }) => name));
  expect(own.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
});

async function examplesIn(file: string): Promise<readonly TransformExample[]> {
  return ((await import(`../examples/${file}`)) as { readonly examples: readonly TransformExample[] }).examples;
}

function recordOf({ headers, headerSchemas, ...parts }: ExampleRecord): SinkRecord {
  return new SinkRecord({
    topic: 'orders',
    partition: 0,
    offset: 0,
    originalTopic: 'orders',
    ...parts,
    headers: Headers.of(
      Object.entries(headers ?? {}).map(([key, value]) => ({ key, value, schema: headerSchemas?.[key] ?? null })),
    ),
  });
}
