// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables in configurations look like this.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigResolver } from '../../src/config/config-resolver.ts';
import {
  keyOfVariable,
  readWorkerProperties,
  resolveWorkerProperties,
} from '../../src/config/read-worker-properties.ts';

let directory: string;
const file = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-worker-properties-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('the properties of a worker', () => {
  it("are read from properties files in Java's syntax, JSON, and the environment, which counts most", async () => {
    const properties = await file(
      'worker.properties',
      '# a worker\nbootstrap.servers = a:1,\\\n   b:2\ngroup.id: \\u00e4\nport=1\n',
    );
    const json = await file('more.json', '{"port": 2, "topic.creation.enable": false, "client.id": "json", "x": null}');
    const environment = {
      CONNECT_CLIENT_ID: 'env',
      CONNECT_: 'x',
      PATH: 'y',
      CONNECT_PRODUCER_ACKS: '1',
      CONNECT_REST_PORT: undefined,
    };
    const read = await readWorkerProperties({ files: [properties, json], environment });
    expect(read.properties).toEqual({
      'bootstrap.servers': 'a:1,b:2',
      'group.id': 'ä',
      port: '2',
      'topic.creation.enable': 'false',
      'client.id': 'env',
      'producer.acks': '1',
      x: '',
    });
    expect(read.origins.get('group.id')).toBe(properties);
    expect(read.origins.get('port')).toBe(json);
    expect(read.origins.get('client.id')).toBe('CONNECT_CLIENT_ID');
  });

  it.each([
    ['CONNECT_BOOTSTRAP_SERVERS', 'bootstrap.servers'],
    ['CONNECT_CONFIG_PROVIDERS_MY__FILE_CLASS', 'config.providers.my-file.class'],
    ['CONNECT_CONFIG_PROVIDERS_MY___FILE_CLASS', 'config.providers.my_file.class'],
    ['CONNECT_', undefined],
    ['CONNECTOR_A', undefined],
  ])('have names in the environment: %s', (variable, key) => {
    expect(keyOfVariable(variable)).toBe(key);
  });

  it('may be written in UTF-8, or in Latin-1 as Java reads them', async () => {
    const utf8 = await file('utf8.properties', 'a=größe');
    const latin1 = await file('latin1.properties', Buffer.from('b=größe', 'latin1'));
    expect((await readWorkerProperties({ files: [utf8, latin1] })).properties).toEqual({ a: 'größe', b: 'größe' });
  });

  it('are refused with every file that is wrong', async () => {
    const missing = join(directory, 'missing.properties');
    const broken = await file('broken.json', '{"a": 1,}');
    const nested = await file('nested.json', '{"a": {"b": 1}, "c": [1]}');
    const badEscape = await file('escape.properties', 'a=1\nb=\\u00zz\n');
    const error: unknown = await readWorkerProperties({ files: [missing, broken, nested, badEscape] }).catch(
      (caught) => caught,
    );
    const lines = (error as Error).message.split('\n');
    expect(lines[0]).toMatch(`File ${missing} cannot be read: ENOENT`);
    expect(lines[1]).toMatch(`File ${broken} cannot be understood: `);
    expect(lines[2]).toBe(`File ${nested}: the value of a must be a text, and is an object`);
    expect(lines[3]).toBe(`File ${nested}: the value of c must be a text, and is a list: separate its items by commas`);
    expect(lines[4]).toMatch(
      `File ${badEscape} cannot be understood: Malformed \\uxxxx encoding in the entry that begins on line 2`,
    );
  });

  it('get what config providers hold, but not in plugin.path', async () => {
    const get = async () => ({ data: { password: 's3cret' } });
    const resolver = new ConfigResolver({ providers: new Map([['v', { get }]]) });
    const { signal } = new AbortController();
    const path = await file('w.properties', 'plugin.path=/plugins\nssl.key.password=${v:password}\n');
    const resolved = await resolveWorkerProperties(await readWorkerProperties({ files: [path] }), resolver, signal);
    expect(resolved.properties).toEqual({ 'plugin.path': '/plugins', 'ssl.key.password': 's3cret' });
    expect(resolved.secrets).toEqual(['s3cret']);
    const wrong = await readWorkerProperties({ files: [await file('x.properties', 'plugin.path=${v:path}')] });
    await expect(resolveWorkerProperties(wrong, resolver, signal)).rejects.toThrow(
      'plugin.path has a variable, and none is resolved in it: write the path itself',
    );
  });
});
