import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The rooms of the house; docs/architecture.md says what belongs in each. */
const rooms = ['packages', 'connectors', 'apps', 'tools', 'examples'] as const;
export type Room = (typeof rooms)[number];

export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly publishConfig?: {
    readonly access?: string;
    readonly provenance?: boolean;
    readonly exports?: Manifest['exports'];
    readonly imports?: Readonly<Record<string, unknown>>;
  };
  readonly imports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly millrace?: { readonly plugins?: string };
  readonly [field: string]: unknown;
}

export interface WorkspacePackage {
  readonly room: Room;
  /** Folder below the root, with forward slashes: `packages/api`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** TypeScript files below `src`, relative to the package's folder. */
  readonly sources: readonly SourceFile[];
  /** Test files below `test`, relative to the package's folder. */
  readonly tests: readonly string[];
}

interface SourceFile {
  /** From the root: `packages/api/src/index.ts`. */
  readonly path: string;
  readonly text: string;
}

/** Reads every package of the repository once; all checks work on the answer. */
export async function readWorkspace(root: string): Promise<readonly WorkspacePackage[]> {
  const packages: WorkspacePackage[] = [];
  for (const room of rooms) {
    for (const name of await foldersIn(join(root, room))) {
      const folder = `${room}/${name}`;
      const manifestPath = join(root, folder, 'package.json');
      if (!existsSync(manifestPath)) continue;
      const manifest = JSON.parse(await readFile(manifestPath, 'utf8')) as Manifest;
      const sources: SourceFile[] = [];
      for (const path of await filesBelow(root, `${folder}/src`)) {
        if (path.endsWith('.ts')) sources.push({ path, text: await readFile(join(root, path), 'utf8') });
      }
      const tests = (await filesBelow(root, `${folder}/test`)).filter((path) => path.endsWith('.test.ts'));
      packages.push({ room, folder, manifest, sources, tests });
    }
  }
  return packages;
}

/** What is published on npm. */
export function publicPackages(workspace: readonly WorkspacePackage[]): readonly WorkspacePackage[] {
  return workspace.filter(({ manifest }) => manifest.private !== true);
}

async function foldersIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function filesBelow(root: string, folder: string): Promise<string[]> {
  const absolute = join(root, folder);
  if (!existsSync(absolute)) return [];
  const entries = await readdir(absolute, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => `${folder}${join(entry.parentPath, entry.name).slice(absolute.length)}`.replaceAll('\\', '/'))
    .sort();
}
