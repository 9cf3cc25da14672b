import { execFile } from 'node:child_process';

const jvm = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Dlog4j2.level=ERROR'];
const limitMs = 60_000;

/** Runs one of Kafka's command line tools and returns what it printed. */
export function javaTool(classPath: string, mainClass: string, args: readonly string[], input = ''): Promise<string> {
  const command = [...jvm, '-cp', classPath, mainClass, ...args];
  return new Promise((resolve, reject) => {
    const child = execFile(
      'java',
      command,
      { timeout: limitMs, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${mainClass} failed: ${stdout}${stderr}`, { cause: error }));
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
