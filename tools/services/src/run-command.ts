import { execFile } from 'node:child_process';
import { ServiceError } from './errors.ts';

export interface CommandOptions {
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: 15 minutes, because of downloads. */
  readonly timeout?: number;
}

/** Runs a command to its end and returns what it printed on standard output. */
export function runCommand(
  file: string,
  args: readonly string[],
  { cwd, env, timeout = 15 * 60_000 }: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const settings = { cwd, timeout, maxBuffer: 64 * 1024 * 1024, env: { ...process.env, ...env } };
    execFile(file, args, settings, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const output = lastLines(`${stdout}${stderr}`.trim() || error.message, 30);
      reject(
        new ServiceError('SERVICE_FAILED', `${file} ${args.slice(0, 2).join(' ')} … failed:\n${output}`, {
          cause: error,
        }),
      );
    });
  });
}

export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
