import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.ts';
import { packAll, type Tarball } from './pack.ts';
import { execute, runNode, runTool } from './tool.ts';
import { root } from './workspace.ts';

/**
 * Installs what would be published with npm, in a folder that knows nothing of this workspace, loads every export
 * with plain Node and compiles a program against the types.
 */
export async function testPacked(): Promise<number> {
  if ((await build([], true)) !== 0) return 1;
  const folder = await mkdtemp(join(tmpdir(), 'millrace-packed-'));
  try {
    const tarballs = await packAll(folder);
    const user = join(folder, 'user');
    await mkdir(user);
    await install(user, tarballs);
    const entries = await entryPoints(user, tarballs);
    let failed = 0;
    for (const entry of entries) failed += await report(`import '${entry}'`, () => load(user, entry));
    failed += await report('types of all entry points', () => compile(user, entries));
    failed += await report('millrace help', () => runCommand(user));
    console.log(`${entries.length + 2 - failed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function report(what: string, run: () => Promise<string>): Promise<number> {
  const problem = await run();
  console.log(`${problem === '' ? '✓' : '✗'} ${what}${problem === '' ? '' : `\n${problem}`}`);
  return problem === '' ? 0 : 1;
}

async function install(user: string, tarballs: readonly Tarball[]): Promise<void> {
  const local = Object.fromEntries(tarballs.map(({ name, path }) => [name, `file:${path}`]));
  const manifest = { name: 'user', private: true, type: 'module', dependencies: local, overrides: local };
  await writeFile(join(user, 'package.json'), JSON.stringify(manifest, null, 2));
  const { code, output } = await execute('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: user,
    quiet: true,
  });
  if (code !== 0) throw new Error(`npm install of the tarballs ended with code ${code}:\n${output}`);
}

/** Every export of every package that is code. */
async function entryPoints(user: string, tarballs: readonly Tarball[]): Promise<string[]> {
  const entries: string[] = [];
  for (const { name } of tarballs) {
    const text = await readFile(join(user, 'node_modules', name, 'package.json'), 'utf8');
    const { exports } = JSON.parse(text) as { exports: Record<string, unknown> };
    for (const path of Object.keys(exports)) {
      if (path !== './package.json') entries.push(`${name}${path.slice(1)}`);
    }
  }
  return entries;
}

async function load(user: string, entry: string): Promise<string> {
  const program = `const m = await import(${JSON.stringify(entry)}); if (Object.keys(m).length === 0) throw new Error('exports nothing');`;
  const { code, output } = await runNode(['--input-type=module', '--eval', program], { cwd: user, quiet: true });
  return code === 0 ? '' : output;
}

async function runCommand(user: string): Promise<string> {
  const command = join(user, 'node_modules', '.bin', 'millrace');
  const { code, output } = await execute(command, ['help'], { cwd: user, quiet: true });
  return code === 0 && /^ +broker /m.test(output) ? '' : `ended with code ${code}:\n${output}`;
}

async function compile(user: string, entries: readonly string[]): Promise<string> {
  const lines = entries.map((entry, index) => `import * as m${index} from '${entry}';\nvoid m${index};`);
  await writeFile(join(user, 'user.ts'), `${lines.join('\n')}\n`);
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2024',
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
  };
  await writeFile(join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.ts'] }));
  const { code, output } = await runTool('typescript', ['--project', join(user, 'tsconfig.json')], { quiet: true });
  return code === 0 ? '' : output;
}
