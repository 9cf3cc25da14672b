import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { installedFolder, installOnce } from '../src/install.ts';
import { withLock } from '../src/lock.ts';
import { temporaryDirectory } from './support.ts';

const noTools = () => undefined;
let home = '';
beforeEach(async () => {
  home = await temporaryDirectory();
  vi.stubEnv('MILLRACE_SERVICES_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test('the lock of a process that is gone is taken over', async () => {
  await writeFile(join(home, '.install.lock'), '4194303 gone');
  expect(await withLock('install', async () => 'done')).toBe('done');
  expect(await readdir(home)).toEqual([]);
});

test('a process id that was given to another process does not keep a lock', async () => {
  await writeFile(join(home, '.install.lock'), `${process.pid} another-start`);
  expect(await withLock('install', async () => 'done')).toBe('done');
});

test('work that failed gives the lock back', async () => {
  await expect(withLock('install', () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');
  expect(await withLock('install', async () => 'done')).toBe('done');
});

test('two installations at once build once', async () => {
  let builds = 0;
  const install = () =>
    installOnce('thing-1', noTools, async (directory) => {
      builds++;
      await writeFile(join(directory, 'file'), '');
    });
  expect(await Promise.all([install(), install()])).toEqual([join(home, 'thing-1'), join(home, 'thing-1')]);
  expect(builds).toBe(1);
});

test('an installation that failed leaves nothing that looks installed', async () => {
  const failing = installOnce('thing-1', noTools, async (directory) => {
    await writeFile(join(directory, 'half'), '');
    throw new Error('no network');
  });
  await expect(failing).rejects.toThrow('no network');
  expect(installedFolder('thing-1')).toBeUndefined();
  expect(await readdir(home)).toEqual([]);
  await installOnce('thing-1', noTools, async (directory) => {
    await writeFile(join(directory, 'whole'), '');
  });
  expect(await readdir(join(home, 'thing-1'))).toEqual(['whole']);
  expect(await readdir(home)).toEqual(['thing-1']);
});
