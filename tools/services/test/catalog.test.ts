import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PORT_BLOCK } from '../src/ports.ts';
import { catalog, definitionOf, nearNames } from '../src/services/catalog.ts';
import { versions } from '../src/versions.ts';

describe.for(Object.keys(catalog))('%s', (name) => {
  const definition = definitionOf(name);
  const context = {
    directory: '/instance',
    port: 20_000,
    options: definition.options,
    settings: new Map(),
    isRunning: () => false,
  };

  test('uses different ports of its block, and not the one that reserves it', () => {
    const ports = definition.ports(definition.options);
    expect(new Set(ports).size).toBe(ports.length);
    expect(ports.every((port) => port >= 0 && port < PORT_BLOCK - 1)).toBe(true);
  });

  test('exports its address, on this machine only', () => {
    const env = definition.env(context);
    expect(env[definition.address]).toContain('127.0.0.1:20000');
  });

  test('has a pinned version', () => {
    expect(Object.values(versions)).toContain(definition.version);
  });

  test('has an integration test', () => {
    const file = `${name.replace(/^(elasticsearch)9$/, '$1')}.integration.test.ts`;
    expect(readdirSync(join(import.meta.dirname))).toContain(file);
  });
});

test('the address of a PostgreSQL that somebody else runs tells its parts', () => {
  expect(definitionOf('postgres').external?.('postgres://me:p%40ss@db.example:6000/data')).toMatchObject({
    PGHOST: 'db.example',
    PGPORT: '6000',
    PGUSER: 'me',
    PGPASSWORD: 'p@ss',
    PGDATABASE: 'data',
  });
});

test('an unknown name brings up similar ones, or else all', () => {
  expect(() => definitionOf('postgress')).toThrow('no service postgress; did you mean postgres?');
  expect(() => definitionOf('toString')).toThrow(/there are: kafka, kafka3, .*sqs$/);
  expect(nearNames('elastic', Object.keys(catalog))).toEqual(['elasticsearch', 'elasticsearch9']);
});
