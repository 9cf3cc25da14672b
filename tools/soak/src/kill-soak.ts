import { mkdir, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep } from '@millrace/api';
import { createAdmin } from '@millrace/kafka';
import { checkFiles, checkTopic, type NumberCheck } from '@millrace/testkit';
import { LineWriter, line } from './line-writer.ts';
import { Random } from './random.ts';
import { WorkerProcess, type WorkerSpec } from './worker-process.ts';

export type Guarantee = 'at-least-once' | 'exactly-once';

export interface KillSoakOptions {
  readonly bootstrapServers: string;
  readonly guarantee: Guarantee;
  readonly kills: number;
  /** Decides when a worker is killed, and whether the next is started before. */
  readonly seed: number;
  /** Left out: 2000. */
  readonly linesPerSecond?: number;
  /** The longest life of a worker. Left out: 4 seconds. */
  readonly longestLifeMs?: number;
}

/** How many of the lines are not, or more than once, or too late, at one place. */
interface Counts {
  readonly place: string;
  readonly records: number;
  readonly missing: number;
  readonly doubled: number;
  readonly late: number;
  /** What the guarantee says of this place. */
  readonly mayBeDoubled: boolean;
}

export interface KillSoakResult {
  readonly guarantee: Guarantee;
  readonly kills: number;
  /** Kills of a worker that lived beside the next one for a while. */
  readonly zombies: number;
  /** Workers that ended by themselves: fenced by the next one, or by a fault. */
  readonly fallen: number;
  readonly lines: number;
  readonly counts: readonly Counts[];
  readonly ok: boolean;
  /** Where the logs and the files are, when it is not ok. */
  readonly directory: string;
}

const zombieChance = 0.25;
const drainMs = 90_000;

/**
 * Lines go from a file to a topic, and from there into a file of lines and into whole files, while the worker that moves them
 * is killed again and again, at any moment of its life. In the end every line is counted at each place.
 */
export async function killSoak(options: KillSoakOptions): Promise<KillSoakResult> {
  const { bootstrapServers, guarantee, seed } = options;
  const directory = await mkdtemp(join(tmpdir(), 'millrace-kill-'));
  const topic = `kill-${guarantee}-${seed}-${Date.now().toString(36)}`;
  const places = { input: join(directory, 'input'), lines: join(directory, 'lines'), files: join(directory, 'files') };
  await mkdir(places.files);
  await createTopic(bootstrapServers, topic);
  const writer = new LineWriter(places.input, options.linesPerSecond ?? 2000);
  const random = new Random(seed);
  const killer = new Killer(
    () => new WorkerProcess(workerSpec(options, topic, places, random), join(directory, 'log')),
  );
  try {
    for (let kill = 0; kill < options.kills; kill++) await killer.kill(random, options.longestLifeMs ?? 4000);
    const lines = await writer.end();
    await drain(killer, lines, places);
    const inTopic = await checkTopic({ bootstrapServers, topic });
    const exact = guarantee === 'exactly-once';
    const counts = [
      count('topic', inTopic, lines, !exact),
      count('lines, by FileStreamSink', await checkFiles([places.lines]), lines, true),
      count('files, by file-sink', await checkFiles(await filesIn(places.files)), lines, !exact),
    ];
    const ok = counts.every(
      ({ missing, doubled, late, mayBeDoubled }) => missing === 0 && late === 0 && (mayBeDoubled || doubled === 0),
    );
    if (ok) await rm(directory, { recursive: true });
    const { zombies, fallen } = killer;
    return { guarantee, kills: options.kills, zombies, fallen, lines, counts, ok, directory };
  } finally {
    await writer.end();
    await killer.end();
  }
}

/** Keeps one worker alive, and kills it. */
class Killer {
  readonly #start: () => WorkerProcess;
  #worker: WorkerProcess;
  zombies = 0;
  fallen = 0;

  constructor(start: () => WorkerProcess) {
    this.#start = start;
    this.#worker = start();
  }

  async kill(random: Random, longestLifeMs: number): Promise<void> {
    const lifeMs = random.between(0, longestLifeMs);
    const isZombie = random.chance(zombieChance);
    const zombieMs = random.between(0, longestLifeMs);
    await sleep(lifeMs);
    const old = this.#worker;
    if (!isZombie) {
      await this.#end(old);
      this.#worker = this.#start();
      return;
    }
    this.zombies++;
    this.#worker = this.#start();
    await sleep(zombieMs);
    await this.#end(old);
  }

  /** Starts another one where it has ended by itself. */
  async keep(): Promise<void> {
    if (this.#worker.isRunning) return;
    await this.#end(this.#worker);
    this.#worker = this.#start();
  }

  async end(): Promise<void> {
    await this.#worker.kill9();
  }

  async #end(worker: WorkerProcess): Promise<void> {
    if (!worker.isRunning) this.fallen++;
    await worker.kill9();
  }
}

interface Places {
  readonly input: string;
  readonly lines: string;
  readonly files: string;
}

function workerSpec(
  { bootstrapServers, guarantee }: KillSoakOptions,
  topic: string,
  { input, lines, files }: Places,
  random: Random,
): WorkerSpec {
  const exact = guarantee === 'exactly-once';
  const boundary = random.chance(0.5) ? 'poll' : 'interval';
  return {
    bootstrapServers,
    properties: {
      'group.id': topic,
      'offset.storage.topic': `${topic}-offsets`,
      'offset.flush.interval.ms': `${random.between(50, 1000)}`,
      'exactly.once.source.support': exact ? 'enabled' : 'disabled',
      'consumer.isolation.level': 'read_committed',
    },
    connectors: [
      {
        name: 'source',
        'connector.class': 'FileStreamSource',
        file: input,
        topic,
        ...(exact && { 'transaction.boundary': boundary, 'transaction.boundary.interval.ms': '200' }),
      },
      { name: `lines-${topic}`, 'connector.class': 'FileStreamSink', topics: topic, file: lines },
      {
        name: `files-${topic}`,
        'connector.class': 'file-sink',
        topics: topic,
        directory: files,
        'rotate.interval.ms': '1000',
      },
    ],
  };
}

/** Waits until the last line is everywhere, or the time is over: the counts say what is not. */
async function drain(killer: Killer, lines: number, { lines: path, files }: Places): Promise<void> {
  const end = performance.now() + drainMs;
  const isThere = async (): Promise<boolean> =>
    (await lastLine(path)) === line(lines - 1) && (await checkFiles(await filesIn(files))).missing(lines, ['']) === 0;
  while (!(await isThere())) {
    if (performance.now() > end) return;
    await killer.keep();
    await sleep(500);
  }
}

async function createTopic(bootstrapServers: string, topic: string): Promise<void> {
  const admin = createAdmin({ settings: { 'bootstrap.servers': bootstrapServers } });
  try {
    const outcomes = await admin.createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
    const error = outcomes.get(topic);
    if (error !== undefined) throw error;
  } finally {
    await admin.close();
  }
}

async function lastLine(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { length } = line(0);
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, Math.max(0, size - length));
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Finished files, in the order of their names: that of their offsets. */
async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

function count(place: string, check: NumberCheck, lines: number, mayBeDoubled: boolean): Counts {
  const { records, doubled, late } = check;
  return { place, records, missing: check.missing(lines, ['']), doubled, late, mayBeDoubled };
}
