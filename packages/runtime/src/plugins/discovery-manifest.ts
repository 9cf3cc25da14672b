import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MillraceError, parseJson } from '@millrace/api';

/** A package that says which of its exports holds plugins. */
export interface PluginManifest {
  readonly packageName: string;
  readonly folder: string;
  /** URL of the module that exports the definitions. */
  readonly module: string;
}

/** What of a package.json matters here; whatever else it says was written by others. */
export interface PackageJson {
  readonly folder: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** `undefined` when the folder holds no package. @throws MillraceError when its package.json cannot be read. */
export async function readPackageJson(folder: string): Promise<PackageJson | undefined> {
  const path = join(folder, 'package.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw broken(`${path} cannot be read: ${messageOf(cause)}`, cause);
  }
  try {
    const content = parseJson(text);
    return { folder: await realpath(folder), content: isObject(content) ? content : {} };
  } catch (cause) {
    throw broken(`${path} is no JSON: ${messageOf(cause)}`, cause);
  }
}

/** `undefined` when the package has no plugins. @throws MillraceError when its manifest leads nowhere. */
export function manifestOf({ folder, content }: PackageJson): PluginManifest | undefined {
  const { millrace, name, exports } = content;
  if (!isObject(millrace) || millrace['plugins'] === undefined) return undefined;
  const path = join(folder, 'package.json');
  const subpath = millrace['plugins'];
  if (typeof subpath !== 'string' || !subpath.startsWith('./')) {
    throw broken(`${path}: "millrace.plugins" must name an export of the package, such as "./plugin".`);
  }
  const target = isObject(exports) ? resolveTarget(exports[subpath]) : undefined;
  if (target === undefined || !target.startsWith('./') || target.split('/').includes('..')) {
    throw broken(
      `${path}: "millrace.plugins" names ${subpath}, which "exports" does not lead to a file of the package.`,
    );
  }
  return {
    packageName: typeof name === 'string' ? name : folder,
    folder,
    module: pathToFileURL(join(folder, target)).href,
  };
}

/** Packages whose sources this process can run: those of the repository, when it was started from its own. */
const conditions = new Set([
  ...(import.meta.url.endsWith('.ts') ? ['@millrace/source'] : []),
  'node',
  'import',
  'module-sync',
  'default',
]);

/** As Node resolves a target: the first condition that holds, in the order of the package. */
function resolveTarget(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (!isObject(target)) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    const resolved = conditions.has(condition) ? resolveTarget(inner) : undefined;
    if (resolved !== undefined) return resolved;
  }
  return undefined;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function broken(message: string, cause?: unknown): MillraceError {
  return new MillraceError(message, { code: 'PLUGIN_BROKEN', ...(cause !== undefined && { cause }) });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
