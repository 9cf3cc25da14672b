import { fromBytes, parseConfig, Schema, silentLogger, toBytes } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import * as plugins from '../src/plugin.ts';

const context = { log: silentLogger, signal: new AbortController().signal };
const all = Object.values(plugins);
const javaNamesOf = (kind: string) => all.filter((plugin) => plugin.kind === kind).flatMap(({ java }) => java ?? []);

describe('the manifest', () => {
  it('has every converter of Java under its class name, once', () => {
    const simple = ['ByteArray', 'Boolean', 'Short', 'Integer', 'Long', 'Float', 'Double'];
    const names = [
      'org.apache.kafka.connect.storage.StringConverter',
      'org.apache.kafka.connect.json.JsonConverter',
      ...simple.map((name) => `org.apache.kafka.connect.converters.${name}Converter`),
    ];
    expect(javaNamesOf('converter').sort()).toEqual([...names].sort());
    expect(javaNamesOf('header-converter').sort()).toEqual(
      [...names, 'org.apache.kafka.connect.storage.SimpleHeaderConverter'].sort(),
    );
  });

  it('makes a converter from the configuration that a user writes', async () => {
    const { config } = parseConfig(plugins.jsonConverter.config, {
      'converter.type': 'value',
      'schemas.enable': 'false',
      'decimal.format': 'numeric',
    });
    const converter = await plugins.jsonConverter.create({ ...context, config, part: 'value' });
    expect(toBytes(converter, 't', Schema.int32, 5)?.toString()).toBe('5');
    expect(fromBytes(converter, 't', Buffer.from('[1]')).value).toEqual([1]);
  });

  it('refuses a wrong configuration', () => {
    const raw = { 'converter.type': 'value', 'decimal.format': 'HEX' };
    expect(() => parseConfig(plugins.jsonConverter.config, raw)).toThrow(
      'Invalid value HEX for configuration decimal.format',
    );
  });
});
