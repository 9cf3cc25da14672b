import { ConfigError, type ConfigKeys, type PredicatePlugin, parseConfig, Schema, silentLogger } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { hasHeaderKey, recordIsTombstone, topicNameMatches } from '../src/plugin.ts';
import { sourceRecord } from './make.ts';

async function predicate<K extends ConfigKeys>(plugin: PredicatePlugin<K>, raw: Readonly<Record<string, string>>) {
  const { config } = parseConfig(plugin.config, raw);
  return plugin.create({ config, log: silentLogger, signal: new AbortController().signal });
}

describe('predicates', () => {
  it('RecordIsTombstone looks at the value alone: a schema with a default makes no value', async () => {
    const valueSchema = Schema.string.asOptional().with({ default: 'x' });
    expect((await predicate(recordIsTombstone, {})).test(sourceRecord({ valueSchema, value: null }))).toBe(true);
  });

  it('TopicNameMatches answers for each topic anew', async () => {
    const matches = await predicate(topicNameMatches, { pattern: 'a.*' });
    const topics = ['a1', 'b', 'a1', 'a2', 'b'].map((topic) => matches.test(sourceRecord({ topic })));
    expect(topics).toEqual([true, false, true, true, false]);
  });

  it('refuse what they cannot work with', async () => {
    await expect(predicate(hasHeaderKey, { name: '' })).rejects.toThrow(ConfigError);
    await expect(predicate(topicNameMatches, { pattern: '' })).rejects.toThrow('String must be non-empty');
    await expect(predicate(topicNameMatches, { pattern: '[' })).rejects.toThrow('Invalid regex');
  });
});
