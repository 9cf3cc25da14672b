import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { appendOrders, header, problemOf, readOutput } from './orders.ts';

/** `--once`: ends after 1,000 orders, when all of them are where they belong; else it goes on until Ctrl-C. */
const { values } = parseArgs({ options: { once: { type: 'boolean' }, folder: { type: 'string' } } });
const orders = 1000;
const perStep = 20;
const stepMs = 100;
const giveUpMs = 60_000;
let lastLine = '';

const story = resolve(values.folder ?? join('.millrace', 'quickstart'));
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

await prepare();
const millrace = startMillrace();
const ended = once(millrace, 'close');
void ended.then(() => stop.abort());
try {
  const rest = await restOf(millrace);
  introduce(rest);
  process.exitCode = values.once === true ? await runOnce() : await runOn();
} finally {
  if (millrace.exitCode === null) millrace.kill('SIGTERM');
  const [code] = (await ended) as [number | null];
  if (code !== 0) process.exitCode = code ?? 1;
}

/** The files of the story, in a folder where they may be changed. */
async function prepare(): Promise<void> {
  await rm(story, { recursive: true, force: true });
  await mkdir(story, { recursive: true });
  await cp(fileURLToPath(import.meta.resolve('../data/')), story, { recursive: true });
  await writeFile(join(story, 'orders.csv'), header);
}

function startMillrace(): ChildProcess {
  const root = dirname(fileURLToPath(import.meta.resolve('@millrace/worker/package.json')));
  const command = ['--conditions=@millrace/source', join(root, 'src', 'millrace.ts')];
  const files = ['orders-source.json', 'countries-sink.json'];
  const options = ['--data', 'data', '--port', '0', '--rest-port', '0', '--log-level', 'warn'];
  return spawn(process.execPath, [...command, 'dev', ...files, ...options], {
    cwd: story,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function restOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('millrace dev has no output');
  for await (const line of createInterface(stdout)) {
    const [, url] = /^REST (http:\S+)/.exec(line) ?? [];
    if (url === undefined) continue;
    // What it still says is not read; it must not wait for that.
    stdout.resume();
    return url;
  }
  throw new Error('millrace dev has ended before it was ready');
}

function introduce(rest: string): void {
  const here = relative('.', story) || '.';
  console.log(`A broker and a worker run. ${here}/orders.csv grows; each order goes through the topic orders, gets the name and the
country of its customer from ${here}/customers.csv, loses its email address, and ends in a folder of its country below
${here}/out/orders. Change the files, and see what becomes of the orders that follow. Three things to try:

  curl ${rest}/connectors?expand=status
  curl -X PUT ${rest}/connectors/countries/pause      (and /resume)
  curl ${rest}/connectors/countries/offsets
`);
}

async function runOnce(): Promise<number> {
  for (let first = 1; first <= orders && !stop.signal.aborted; first += perStep) {
    await appendOrders(join(story, 'orders.csv'), first, perStep);
    await count(first + perStep - 1);
    await wait();
  }
  const end = performance.now() + giveUpMs;
  let problem = await problemNow();
  while (problem !== undefined && performance.now() < end && !stop.signal.aborted) {
    await wait();
    await count(orders);
    problem = await problemNow();
  }
  console.log(
    problem === undefined ? `\n✓ All ${orders} orders are where they belong, each of them once.` : `\n✗ ${problem}`,
  );
  return problem === undefined ? 0 : 1;
}

async function problemNow(): Promise<string | undefined> {
  return problemOf(await readOutput(join(story, 'out')), orders);
}

async function runOn(): Promise<number> {
  console.log('Ctrl-C ends it.\n');
  for (let first = 1; !stop.signal.aborted; first += 2) {
    await appendOrders(join(story, 'orders.csv'), first, 2);
    await count(first + 1);
    await wait();
  }
  console.log('\nStopping in good order …');
  return 0;
}

/** One line that moves; where nobody watches it, one line now and then. */
async function count(appended: number): Promise<void> {
  const records = await readOutput(join(story, 'out'));
  const byCountry = Map.groupBy(records, ({ directory }) => directory);
  const parts = [...byCountry]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { length }]) => `${name} ${length}`);
  const line = `${appended} orders appended, ${records.length} written: ${parts.join('  ') || 'none yet'}`;
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[2K${line}`);
  else if (appended % 200 === 0 && line !== lastLine) console.log(line);
  lastLine = line;
}

async function wait(): Promise<void> {
  await pause(stepMs, undefined, { signal: stop.signal }).catch(() => undefined);
}
