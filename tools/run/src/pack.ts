import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { publicPackages, readWorkspace } from '@millrace/checks';
import { execute } from './tool.ts';
import { root } from './workspace.ts';

export interface Tarball {
  readonly name: string;
  readonly folder: string;
  readonly path: string;
}

/** Packs every package that is published, just as a release does; `dist` must have been built. */
export async function packAll(destination: string): Promise<readonly Tarball[]> {
  const packages = publicPackages(await readWorkspace(root));
  const filters = packages.flatMap(({ manifest }) => ['--filter', manifest.name]);
  const { code, output } = await execute('pnpm', [...filters, 'pack', '--pack-destination', destination], {
    quiet: true,
  });
  if (code !== 0) throw new Error(`pnpm pack ended with code ${code}:\n${output}`);
  const files = await readdir(destination);
  return packages.map(({ manifest, folder }) => {
    const prefix = `${manifest.name.replace('@', '').replace('/', '-')}-`;
    const file = files.find((name) => name.startsWith(prefix) && /^\d/.test(name.slice(prefix.length)));
    if (file === undefined) throw new Error(`pnpm pack left no tarball of ${manifest.name}.`);
    return { name: manifest.name, folder, path: join(destination, file) };
  });
}
