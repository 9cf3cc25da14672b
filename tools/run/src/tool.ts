import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './workspace.ts';

export interface ToolOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Collect the output and give it back instead of showing it. */
  readonly quiet?: boolean;
}

export interface ToolResult {
  readonly code: number;
  /** Standard output and standard error as they came; empty unless `quiet`. */
  readonly output: string;
}

/**
 * Runs the command of an installed package (`vitest`, `@biomejs/biome`) under this very Node. Ctrl-C reaches the tool
 * from the terminal, so this process only waits for it to end.
 */
export async function runTool(
  packageName: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<ToolResult> {
  return runNode([await binaryOf(packageName), ...args], options);
}

/** Runs this very Node with the given arguments. */
export function runNode(args: readonly string[], options: ToolOptions = {}): Promise<ToolResult> {
  return execute(process.execPath, args, options);
}

/** Runs a program from the PATH. */
export function execute(command: string, args: readonly string[], options: ToolOptions = {}): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      // On Windows npm and pnpm are scripts that only a shell can start.
      shell: process.platform === 'win32' && command !== process.execPath,
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    const stay = (): void => {};
    process.on('SIGINT', stay);
    process.on('SIGTERM', stay);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', stay);
      process.off('SIGTERM', stay);
      resolve({ code: code ?? (signal === 'SIGINT' ? 130 : 1), output: Buffer.concat(chunks).toString() });
    });
  });
}

async function binaryOf(packageName: string): Promise<string> {
  const folder = join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  const file = typeof bin === 'string' ? bin : Object.values(bin)[0];
  if (file === undefined) throw new Error(`Package ${packageName} has no command.`);
  return join(folder, file);
}
