// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables in configurations look like this.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, silentLogger } from '@millrace/api';
import { compileJavaRegex } from '@millrace/java';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConfigProviders } from '../../src/config/open-config-providers.ts';
import { createDirectoryProvider } from '../../src/providers/directory-provider.ts';
import { createEnvVarProvider } from '../../src/providers/env-var-provider.ts';
import { createFileProvider } from '../../src/providers/file-provider.ts';

const { signal } = new AbortController();
let directory: string;
let warnings: string[];
const log = { ...silentLogger, warn: (message: string) => void warnings.push(message) };

beforeEach(async () => {
  warnings = [];
  directory = await mkdtemp(join(tmpdir(), 'millrace-providers-'));
  await mkdir(join(directory, 'open'));
  await mkdir(join(directory, 'opener'));
  await writeFile(join(directory, 'open', 'secrets.properties'), 'user=me\npassword = p\\u00e4ss \n');
  await writeFile(join(directory, 'open', 'token'), 'abc\n');
  await writeFile(join(directory, 'opener', 'token'), 'no');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('the provider of files', () => {
  it('gives the keys of a properties file', async () => {
    const provider = await createFileProvider([], log);
    const file = join(directory, 'open', 'secrets.properties');
    expect(await provider.get(file, new Set(['password', 'missing']), signal)).toEqual({ data: { password: 'päss ' } });
    expect(await provider.get(file, undefined, signal)).toEqual({ data: { user: 'me', password: 'päss ' } });
    expect(await provider.get('', undefined, signal)).toEqual({ data: {} });
    await expect(provider.get(join(directory, 'x'), undefined, signal)).rejects.toThrow(
      `Could not read properties from file ${join(directory, 'x')}: ENOENT`,
    );
  });

  it('reads only what it may', async () => {
    const open = join(directory, 'open');
    const provider = await createFileProvider([`${open}/`], log);
    expect(await provider.get(`${open}/../open/secrets.properties`, new Set(['user']), signal)).toEqual({
      data: { user: 'me' },
    });
    for (const path of [
      `${open}/../opener/token`,
      join(directory, 'opener', 'token'),
      'open/secrets.properties',
      '/etc/passwd',
    ]) {
      expect(await provider.get(path, undefined, signal)).toEqual({ data: {} });
    }
    expect(warnings).toHaveLength(4);
    expect(warnings[3]).toBe(
      'The path /etc/passwd is not in allowed.paths of its config provider: its variables stay as they are.',
    );
    await expect(createFileProvider([join(directory, 'x')], log)).rejects.toThrow(
      `Path ${join(directory, 'x')} does not exist`,
    );
  });
});

describe('the provider of directories', () => {
  it('gives whole files, by their names', async () => {
    const provider = await createDirectoryProvider([], log);
    await symlink(join(directory, 'opener', 'token'), join(directory, 'open', 'linked'));
    expect(
      (await provider.get(join(directory, 'open'), new Set(['token', 'linked', '../opener/token']), signal)).data,
    ).toEqual({
      token: 'abc\n',
      linked: 'no',
    });
    expect((await provider.get(directory, undefined, signal)).data).toEqual({});
    expect((await provider.get(join(directory, 'open', 'token'), undefined, signal)).data).toEqual({});
    expect(warnings).toEqual([
      `The path ${join(directory, 'open', 'token')} is not a directory: its variables stay as they are.`,
    ]);
  });
});

describe('the provider of the environment', () => {
  const environment = { CONNECT_USER: 'me', CONNECT_PASSWORD: 'p', PATH: '/bin' };

  it('gives the variables that it may', async () => {
    const provider = createEnvVarProvider(compileJavaRegex('CONNECT_.*'), environment);
    expect(await provider.get('', new Set(['CONNECT_USER', 'PATH', 'toString']), signal)).toEqual({
      data: { CONNECT_USER: 'me' },
    });
    expect(await provider.get('', undefined, signal)).toEqual({ data: { CONNECT_USER: 'me', CONNECT_PASSWORD: 'p' } });
    await expect(provider.get('/x', undefined, signal)).rejects.toThrow(
      "Path is not supported for EnvVarConfigProvider, invalid value '/x'",
    );
  });
});

describe('the providers of a worker', () => {
  const open = (properties: Readonly<Record<string, string>>, modules: readonly string[] = []) =>
    openConfigProviders({ properties, modules, log: silentLogger, signal });

  it('are made from its properties, by any of their names', async () => {
    const resolver = await open(
      {
        'config.providers': 'file, dir, env, fixed',
        'config.providers.file.class': 'org.apache.kafka.common.config.provider.FileConfigProvider',
        'config.providers.file.param.allowed.paths': directory,
        'config.providers.dir.class': 'DirectoryConfigProvider',
        'config.providers.env.class': 'EnvVar',
        'config.providers.env.param.allowlist.pattern': 'NONE',
        'config.providers.fixed.class': 'fixed',
      },
      [import.meta.resolve('./fixtures/fixed-provider.ts')],
    );
    const raw = {
      user: `\${file:${directory}/open/secrets.properties:user}`,
      token: `\${dir:${directory}/open:token}`,
      path: '${env:PATH}',
      fixed: '${fixed:any}',
      refused: '${file:/etc/hosts:localhost}',
    };
    const { config, ttlMs } = await resolver.resolve(raw, signal);
    expect(config).toEqual({ ...raw, user: 'me', token: 'abc\n', fixed: '42' });
    expect(ttlMs).toBe(1000);
    await Promise.all([resolver.close(), resolver.close()]);
  });

  it('are none', async () => {
    const resolver = await open({});
    expect((await resolver.resolve({ a: '${file:/x:y}' }, signal)).config).toEqual({ a: '${file:/x:y}' });
  });

  it('are refused with all that is wrong', async () => {
    const error: unknown = await open({
      'config.providers': 'a,b,c,d',
      'config.providers.a.class': 'com.example.Vault',
      'config.providers.b.class': 'File',
      'config.providers.b.param.allowed.paths': 'relative',
      'config.providers.c.class': 'Directory',
      'config.providers.c.param.allowed.paths': '/not/there',
      'config.providers.d.class': 'EnvVar',
      'config.providers.d.param.allowlist.pattern': '(',
    }).catch((caught) => caught);
    expect(ConfigError.isInstance(error) && error.problems.map(({ key }) => key)).toEqual([
      'config.providers.a.class',
      'config.providers.b.param.allowed.paths',
      'config.providers.c.param.allowed.paths',
      'config.providers.d.param.allowlist.pattern',
    ]);
    expect((error as Error).message).toMatch(
      /^Config provider com\.example\.Vault of config\.providers\.a\.class is not known: install its package\. Known are: org\.apache/,
    );
    expect((error as Error).message).toContain('Path relative is not absolute');
    await expect(open({ 'config.providers': 'a' })).rejects.toThrow(
      'Missing required configuration "config.providers.a.class"',
    );
  });
});
