import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect } from 'vitest';

/** Waits until `check` no longer throws, and returns what it returned. */
export async function eventually<Result>(check: () => Promise<Result> | Result, limit = 30_000): Promise<Result> {
  const deadline = Date.now() + limit;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

/** A directory that is removed after the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'services-test-'));
  directories.push(directory);
  return directory;
}

const directories: string[] = [];
afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true });
});

/** Runs a program to its end with text on its standard input. */
export function runWithInput(
  file: string,
  args: readonly string[],
  input: string,
  env: Record<string, string> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      file,
      args,
      { timeout: 60_000, env: { ...process.env, ...env } },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${file} failed: ${stdout}${stderr}`, { cause: error }));
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

const KAFKA_TOOLS = 'org.apache.kafka.tools';

/** Produces lines, one JVM start. `command` are the producer's own arguments. */
export async function produceLines(
  classPath: string,
  bootstrap: string,
  topic: string,
  lines: readonly string[],
  ...more: string[]
): Promise<void> {
  const args = ['--bootstrap-server', bootstrap, '--topic', topic, '--request-required-acks', 'all', ...more];
  await runWithInput(
    'java',
    [...JVM, classPath, `${KAFKA_TOOLS}.ConsoleProducer`, ...args],
    lines.map((line) => `${line}\n`).join(''),
  );
}

/** Consumes a topic from its beginning until `count` records have come, one JVM start. */
export async function consumeLines(
  classPath: string,
  bootstrap: string,
  topic: string,
  count: number,
  ...more: string[]
): Promise<string[]> {
  const args = [
    '--bootstrap-server',
    bootstrap,
    '--topic',
    topic,
    '--from-beginning',
    '--max-messages',
    String(count),
    '--timeout-ms',
    '30000',
    ...more,
  ];
  const output = await runWithInput(
    'java',
    [...JVM, classPath, `${KAFKA_TOOLS}.consumer.ConsoleConsumer`, ...args],
    '',
  );
  return output.split('\n').filter((line) => line !== '');
}

const JVM = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Dlog4j2.level=ERROR', '-cp'];

/** On Linux: the process that listens on `port` listens on nothing that other machines could reach. */
export async function expectLoopbackOnly(port: number): Promise<void> {
  if (process.platform !== 'linux') return;
  const sockets = await listeningSockets();
  const first = sockets.find((socket) => socket.port === port);
  expect(first).toBeDefined();
  const inodes = await socketInodesBeside(first!.inode);
  const own = sockets.filter(({ inode }) => inodes.has(inode));
  expect(own.map(({ address }) => address)).toSatisfy((addresses: string[]) =>
    addresses.every((address) => LOOPBACK.has(address)),
  );
}

/** 127.0.0.1 as the kernel prints it, as IPv4 and mapped into IPv6. */
const LOOPBACK = new Set(['0100007F', '0000000000000000FFFF00000100007F']);

async function listeningSockets(): Promise<{ address: string; port: number; inode: string }[]> {
  const LISTEN = '0A';
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  return tables
    .flatMap((table) => table.trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTEN)
    .map((fields) => {
      const [address = '', port = ''] = fields[1]!.split(':');
      return { address, port: Number.parseInt(port, 16), inode: fields[9]! };
    });
}

/** The sockets of the process that has the socket `inode` open. */
async function socketInodesBeside(inode: string): Promise<ReadonlySet<string>> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    const targets = await Promise.all(descriptors.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
    const inodes = new Set(targets.map((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? ''));
    if (inodes.has(inode)) return inodes;
  }
  throw new Error(`no process has the socket ${inode} open`);
}

/** The port of `host:port` or of a URL. */
export function portOf(address: string): number {
  return Number(/:(\d+)(?:\D|$)/.exec(address.replace(/^\w+:\/\/(?:[^@/]*@)?/, ''))?.[1]);
}
