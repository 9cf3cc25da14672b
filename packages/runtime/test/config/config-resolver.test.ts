// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables in configurations look like this.
import { ConfigError, type ConfigProvider, type ProvidedConfig } from '@millrace/api';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConfigResolver } from '../../src/config/config-resolver.ts';
import { variablesOf } from '../../src/config/config-variables.ts';

const { signal } = new AbortController();
type Data = Readonly<Record<string, ProvidedConfig>>;
const providerOf = (paths: Data): ConfigProvider => ({ get: async (path) => paths[path] ?? { data: {} } });
const resolverOf = (paths: Data) => new ConfigResolver({ providers: new Map([['p', providerOf(paths)]]) });
const some = resolverOf({
  '': { data: { key: 'K', other: 'O' } },
  '/path': { data: { key: 'P', 'a:b': 'C', '': 'E', tricky: '${p:key}$1$&' } },
});
const resolve = async (value: string) => (await some.resolve({ value }, signal)).config['value'];

describe('variables in a value', () => {
  /** Java's own expression. */
  const java = /\$\{([^}]*?):(([^}]*?):)?([^}]*?)\}/g;

  it('are found as Java finds them', () => {
    const parts = ['${', '}', ':', '$', '{', 'p', '\n', ' ', '/a', '${p:key}'];
    let state = 7;
    const next = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const javaFinds = (value: string) =>
      [...value.matchAll(java)].map((match) => ({
        provider: match[1],
        path: match[3] ?? '',
        key: match[4],
        start: match.index,
        end: match.index + match[0].length,
      }));
    const values = Array.from({ length: 20_000 }, () =>
      Array.from({ length: next(12) }, () => parts[next(parts.length)]).join(''),
    );
    const found = values.map((value) => [value, variablesOf(value)] as const);
    expect(found).toEqual(values.map((value) => [value, javaFinds(value)]));
    expect(found.flatMap(([, variables]) => variables).length).toBeGreaterThan(5000);
  });

  it('are found in time that grows with the length alone', () => {
    const started = performance.now();
    expect(variablesOf('${:'.repeat(200_000))).toEqual([]);
    expect(variablesOf(`${'${'.repeat(200_000)}${':'.repeat(200_000)}}`)).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('a configuration with variables', () => {
  it.each([
    ['plain', 'plain'],
    ['${p:key}', 'K'],
    ['a ${p:key} b ${p:/path:key} c', 'a K b P c'],
    ['${p::key}', 'K'],
    ['${p:/path:a:b}', 'C'],
    ['${p:/path:}', 'E'],
    ['${p:missing} ${p:key}', '${p:missing} K'],
    ['${x:key} ${p:key}', '${x:key} K'],
    ['${p:/nowhere:key}', '${p:/nowhere:key}'],
    ['${p:__proto__}${p:toString}', '${p:__proto__}${p:toString}'],
    ['${p:/path:tricky}', '${p:key}$1$&'],
    ['${p}', '${p}'],
    ['${p:key', '${p:key'],
  ])('gets what they stand for: %s', async (value, resolved) => {
    expect(await resolve(value)).toBe(resolved);
  });

  it('is not changed itself, and keys are left alone', async () => {
    const raw = { '${p:key}': '${p:key}', nothing: null };
    const { config } = await some.resolve(raw, signal);
    expect(config).toEqual({ '${p:key}': 'K', nothing: null });
    expect(raw['${p:key}']).toBe('${p:key}');
  });

  it('asks once for each path, for the keys that it needs', async () => {
    const get = vi.fn<ConfigProvider['get']>(async () => ({ data: {} }));
    const resolver = new ConfigResolver({ providers: new Map([['p', { get }]]) });
    await resolver.resolve({ a: '${p:/x:1}${p:/x:2}', b: '${p:/x:1}', c: '${p:3}' }, signal);
    expect(get.mock.calls.map(([path, keys]) => [path, keys])).toEqual([
      ['/x', new Set(['1', '2'])],
      ['', new Set(['3'])],
    ]);
  });

  it('says for how long it holds: as long as the shortest of its parts', async () => {
    const resolver = resolverOf({
      a: { data: { k: '1' }, ttl: 500 },
      b: { data: { k: '2' }, ttl: 300 },
      c: { data: { k: '3' } },
      d: { data: {}, ttl: -1 },
    });
    const ttl = async (value: string) => (await resolver.resolve({ value }, signal)).ttlMs;
    expect(await ttl('${p:a:k}${p:b:k}${p:c:k}${p:d:k}')).toBe(300);
    expect([await ttl('${p:c:k}'), await ttl('${p:d:k}'), await ttl('x')]).toEqual([undefined, undefined, undefined]);
  });

  it('tells its secrets, before anybody sees the configuration', async () => {
    const hidden: string[] = [];
    const providers = new Map([['p', providerOf({ '': { data: { key: 'K', empty: '' } } })]]);
    const resolver = new ConfigResolver({ providers, hide: (secret) => hidden.push(secret) });
    const { secrets } = await resolver.resolve({ a: '${p:key}${p:empty}', b: '${p:key}' }, signal);
    expect([secrets, hidden]).toEqual([['K'], ['K']]);
  });

  it('is refused with every variable that cannot be read', async () => {
    const get = async (path: string): Promise<ProvidedConfig> => {
      throw new Error(`no ${path}`);
    };
    const resolver = new ConfigResolver({ providers: new Map([['p', { get }]]) });
    const error: unknown = await resolver
      .resolve({ a: '${p:/x:k}', b: '${p:/x:l}', c: '${p:k}' }, signal)
      .catch((caught) => caught);
    expect(ConfigError.isInstance(error) && error.problems).toEqual([
      { key: 'a', message: 'The variable ${p:/x:…} in a cannot be resolved: no /x' },
      { key: 'b', message: 'The variable ${p:/x:…} in b cannot be resolved: no /x' },
      { key: 'c', message: 'The variable ${p:…} in c cannot be resolved: no ' },
    ]);
  });
});

describe('a provider that does not answer', () => {
  afterEach(() => void vi.useRealTimers());
  const silent = new Map<string, ConfigProvider>([['p', { get: () => new Promise(() => undefined) }]]);

  it('is given up', async () => {
    const resolver = new ConfigResolver({ providers: silent, timeoutMs: 20 });
    await expect(resolver.resolve({ a: '${p:/x:k}' }, signal)).rejects.toThrow(
      'The variable ${p:/x:…} in a cannot be resolved: Waited 20 ms for config provider p to give what /x holds; gave up.',
    );
  });

  it('is left when the caller goes', async () => {
    const controller = new AbortController();
    const resolving = new ConfigResolver({ providers: silent }).resolve({ a: '${p:k}' }, controller.signal);
    controller.abort(new Error('stopped'));
    await expect(resolving).rejects.toThrow('stopped');
  });
});
