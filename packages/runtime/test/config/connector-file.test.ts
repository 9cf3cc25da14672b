import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@millrace/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfigFile } from '../../src/config/config-file.ts';
import { parseConnectorFile, readConnectorFiles } from '../../src/config/connector-file.ts';
import { parseStandaloneConfig } from '../../src/config/parse-worker-config.ts';

const parse = (text: string) => parseConnectorFile('c.json', Buffer.from(text));
const messageOf = (text: string): string => {
  try {
    parse(text);
  } catch (error) {
    if (ConfigError.isInstance(error)) return error.message;
    throw error;
  }
  return '';
};

describe('the file of a connector', () => {
  it.each([
    ['a map of JSON', '{"name": "a", "tasks.max": 2, "errors.log.enable": true, "file": null}'],
    [
      'JSON after blanks and a mark',
      '\ufeff\n {"name": "a", "tasks.max": "2", "errors.log.enable": "true", "file": null}',
    ],
    ['what REST takes', '{"name": "a", "config": {"tasks.max": "2", "errors.log.enable": "true", "file": null}}'],
    [
      'what REST takes, with the name twice',
      '{"name":"a","config":{"name":"a","tasks.max":2,"errors.log.enable":true,"file":null}}',
    ],
    [
      'what REST takes, with the name inside',
      '{"config":{"name":"a","tasks.max":2,"errors.log.enable":true,"file":null}}',
    ],
  ])('is %s', (_, text) => {
    expect(parse(text)).toEqual({
      name: 'a',
      config: { name: 'a', 'tasks.max': '2', 'errors.log.enable': 'true', file: null },
      initialState: undefined,
    });
  });

  it('is a properties file', () => {
    expect(parse('name=a\ntopics: x,\\\n  y\n#comment\n__proto__=1')).toEqual({
      name: 'a',
      config: Object.fromEntries([
        ['name', 'a'],
        ['topics', 'x,y'],
        ['__proto__', '1'],
      ]),
      initialState: undefined,
    });
  });

  it('says in which state the connector begins', () => {
    const state = (value: string) => parse(`{"name":"a","config":{},"initial_state":${value}}`).initialState;
    expect([state('"STOPPED"'), state('"paused"'), state('"Running"'), state('null')]).toEqual([
      'STOPPED',
      'PAUSED',
      'RUNNING',
      undefined,
    ]);
  });

  it.each([
    ['', "Connector configuration at 'c.json' is missing the mandatory 'name' configuration"],
    ['topics=a', "Connector configuration at 'c.json' is missing the mandatory 'name' configuration"],
    ['{"name": " "}', "Connector configuration at 'c.json' is missing the mandatory 'name' configuration"],
    ['{"config": {}}', "Connector configuration at 'c.json' is missing the mandatory 'name' configuration"],
    [
      '{"name":"a","config":{"name":"b"}}',
      "Connector name configuration in 'config' doesn't match the one specified in 'name' at 'c.json': 'b' and 'a'",
    ],
    ['{"name":"a","config":{},"state":1}', 'File c.json has state beside name, config and initial_state'],
    [
      '{"name":"a","config":{},"initial_state":"DONE"}',
      'File c.json: initial_state must be RUNNING, PAUSED or STOPPED, and is "DONE"',
    ],
    [
      '{"name":"a","topics":["x"]}',
      'File c.json: the value of topics must be a text, and is a list: separate its items by commas',
    ],
    ['{"name":"a",', 'File c.json cannot be understood: '],
  ])('is refused: %s', (text, message) => {
    expect(messageOf(text).startsWith(message)).toBe(true);
  });
});

describe('files of connectors', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-connector-files-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('are refused together, with all that is wrong', async () => {
    const paths = ['a.json', 'b.properties', 'c.json'].map((name) => join(directory, name));
    await writeFile(paths[0]!, '{"name":"same"}');
    await writeFile(paths[1]!, 'name=same');
    await writeFile(paths[2]!, '{}');
    const error: unknown = await readConnectorFiles([...paths, join(directory, 'd')]).catch((caught) => caught);
    expect((error as Error).message.split('\n')).toEqual([
      `Connector configuration at '${paths[2]}' is missing the mandatory 'name' configuration`,
      expect.stringContaining(`File ${join(directory, 'd')} cannot be read: ENOENT`),
      `Several connectors have the name same: ${paths[0]} and ${paths[1]}. Give each its own`,
    ]);
    expect(await readConnectorFiles([paths[1]!])).toHaveLength(1);
  });
});

/** The same sequence in every run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function mutate(text: string, random: (below: number) => number): Buffer {
  const bytes = [...Buffer.from(text)];
  for (let changes = 1 + random(6); changes > 0; changes--) {
    const at = random(bytes.length + 1);
    const what = random(5);
    if (what === 0) bytes[at] = random(256);
    else if (what === 1) bytes.splice(at, 1 + random(20));
    else if (what === 2)
      bytes.splice(
        at,
        0,
        ...Buffer.from(['\\', '\\u00', '${a:', '}', '{', '"', ':', '\n', '=', '\0', '[1]'][random(11)] ?? ''),
      );
    else if (what === 3) bytes.splice(at, 0, ...bytes.slice(random(bytes.length), random(bytes.length) + 8));
    else bytes.length = Math.min(bytes.length, at);
  }
  return Buffer.from(bytes.map((byte) => byte ?? 0));
}

describe('10,000 files that are damaged', () => {
  const texts = [
    'name=lines\nconnector.class=FileStreamSource\ntasks.max=1\nfile=/data/in\\u00e4.txt\ntopic: a,\\\n  b\n',
    '{"name":"lines","connector.class":"FileStreamSource","tasks.max":1,"file":"/data/\\u00e4","a\\\\b":true}',
    '{"name":"lines","config":{"name":"lines","connector.class":"X","tasks.max":"1"},"initial_state":"PAUSED"}',
    'bootstrap.servers=a:1\nkey.converter=K\nvalue.converter=V\noffset.storage.file.filename=f\nlisteners=http://:1\nconfig.providers=a,b\n' +
      'config.providers.a.class=File\nconfig.providers.b.class=Env\nresponse.http.headers.config="set A: b,c",add D: e\nssl.key.password=x\n',
  ];

  /** `undefined` when it is refused with a message. */
  function attempt(bytes: Buffer, isWorker: boolean): object | undefined {
    try {
      if (!isWorker) return parseConnectorFile('w', bytes).config;
      const { kind, content } = parseConfigFile('w', bytes);
      const properties = kind === 'properties' ? Object.fromEntries(content) : {};
      return parseStandaloneConfig({ properties, origins: new Map(), secrets: [] }).config;
    } catch (error) {
      if (ConfigError.isInstance(error) && error.message !== '') return undefined;
      throw new Error(`${JSON.stringify(bytes.toString())}: ${String(error)}`, { cause: error });
    }
  }

  it('give a configuration or a clear error', () => {
    const random = randomOf(42);
    const configs: object[] = [];
    for (let round = 0; round < 10_000; round++) {
      const which = round % texts.length;
      const config = attempt(mutate(texts[which]!, random), which === 3);
      if (config !== undefined) configs.push(which === 3 ? { name: 'worker' } : config);
    }
    const isTexts = (config: object) =>
      Object.values(config).every((value) => value === null || typeof value === 'string');
    expect(configs.every((config) => isTexts(config) && 'name' in config)).toBe(true);
    expect(configs.length).toBeGreaterThan(1000);
    expect(configs.length).toBeLessThan(9000);
  });
});
