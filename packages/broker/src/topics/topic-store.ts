import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, replaceFile, syncToDisk } from '../files.ts';
import { PartitionLog, type PartitionLogOptions } from '../log/partition-log.ts';
import { storageError } from '../log/storage.ts';
import { RequestError } from '../request-error.ts';
import type { Topic } from './topic.ts';
import { TopicConfig } from './topic-config.ts';
import { topicNameProblem } from './topic-name.ts';

/** `topic.json` in the directory of a topic. */
interface TopicFile {
  readonly name: string;
  readonly id: string;
  readonly partitions: number;
  readonly config: readonly (readonly [string, string])[];
}

interface StoredTopic extends Topic {
  readonly directory: string;
  readonly partitions: PartitionLog[];
  config: TopicConfig;
}

export interface TopicStoreOptions extends Pick<PartitionLogOptions, 'files' | 'clock' | 'log' | 'fsync'> {
  readonly directory: string;
  readonly defaultPartitions: number;
}

export interface NewTopic {
  readonly name: string;
  /** -1: as many as the broker has by default. */
  readonly partitions: number;
  readonly config: TopicConfig;
}

const mostPartitions = 10_000;
const removed = '.deleted';

/** The topics, by name and by id, each in a directory of its own. */
export class TopicStore {
  readonly #options: TopicStoreOptions;
  readonly #byName = new Map<string, StoredTopic>();
  readonly #byId = new Map<string, StoredTopic>();

  constructor(options: TopicStoreOptions) {
    this.#options = options;
    mkdirSync(options.directory, { recursive: true });
    for (const entry of readdirSync(options.directory)) {
      const directory = join(options.directory, entry);
      const file = entry.endsWith(removed)
        ? undefined
        : (readJson(join(directory, 'topic.json')) as TopicFile | undefined);
      if (file === undefined) rmSync(directory, { recursive: true, force: true });
      else this.#open(directory, file);
    }
  }

  get all(): Iterable<Topic> {
    return this.#byName.values();
  }

  find(name: string): Topic | undefined {
    return this.#byName.get(name);
  }

  findById(id: string): Topic | undefined {
    return this.#byId.get(id);
  }

  /** @throws RequestError UNKNOWN_TOPIC_OR_PARTITION */
  get(name: string): Topic {
    return this.#stored(name);
  }

  /** Says whether a topic could be made, and with how many partitions. */
  check(topic: NewTopic): number {
    const problem = topicNameProblem(topic.name);
    if (problem !== undefined) throw new RequestError('INVALID_TOPIC_EXCEPTION', problem);
    if (this.#byName.has(topic.name)) {
      throw new RequestError('TOPIC_ALREADY_EXISTS', `Topic '${topic.name}' already exists.`);
    }
    const partitions = topic.partitions === -1 ? this.#options.defaultPartitions : topic.partitions;
    this.#checkCount(topic.name, partitions);
    return partitions;
  }

  create(topic: NewTopic): Topic {
    const partitions = this.check(topic);
    const id = newTopicId();
    const directory = join(this.#options.directory, `${topic.name.slice(0, 200)}.${id.slice(0, 8)}`);
    const file = { name: topic.name, id, partitions, config: [...topic.config.overrides] };
    return writing(`topic ${topic.name} could not be made`, () => {
      mkdirSync(directory, { recursive: true });
      this.#write(directory, file);
      return this.#open(directory, file);
    });
  }

  /** Says whether a topic could have that many partitions. */
  checkPartitions(name: string, count: number): void {
    const now = this.#stored(name).partitions.length;
    if (count <= now) {
      throw new RequestError(
        'INVALID_PARTITIONS',
        `Topic '${name}' has ${now} partitions; ${count} is not an increase.`,
      );
    }
    this.#checkCount(name, count);
  }

  addPartitions(name: string, count: number): void {
    this.checkPartitions(name, count);
    const topic = this.#stored(name);
    writing(`topic ${name} could not be changed`, () => {
      this.#save(topic, { partitions: count });
      for (let index = topic.partitions.length; index < count; index++)
        topic.partitions.push(this.#openLog(topic, index));
    });
  }

  configure(name: string, config: TopicConfig): void {
    const topic = this.#stored(name);
    writing(`topic ${name} could not be changed`, () => this.#save(topic, { config: [...config.overrides] }));
    topic.config = config;
  }

  delete(name: string): void {
    const topic = this.#stored(name);
    const grave = `${topic.directory}${removed}`;
    writing(`topic ${name} could not be deleted`, () => renameSync(topic.directory, grave));
    this.#byName.delete(name);
    this.#byId.delete(topic.id);
    for (const partition of topic.partitions) partition.close();
    rmSync(grave, { recursive: true, force: true });
  }

  close(): void {
    for (const topic of this.#byName.values()) for (const partition of topic.partitions) partition.close();
  }

  #stored(name: string): StoredTopic {
    const topic = this.#byName.get(name);
    if (topic === undefined) throw new RequestError('UNKNOWN_TOPIC_OR_PARTITION', `There is no topic '${name}'.`);
    return topic;
  }

  #checkCount(name: string, count: number): void {
    if (count < 1 || count > mostPartitions) {
      throw new RequestError(
        'INVALID_PARTITIONS',
        `Topic '${name}': ${count} partitions; 1 to ${mostPartitions} are possible.`,
      );
    }
  }

  #save(topic: StoredTopic, change: Partial<TopicFile>): void {
    const { name, id, partitions, config } = topic;
    const file: TopicFile = { name, id, partitions: partitions.length, config: [...config.overrides], ...change };
    this.#write(topic.directory, file);
  }

  #write(directory: string, file: TopicFile): void {
    const path = join(directory, 'topic.json');
    replaceFile(path, JSON.stringify(file));
    if (this.#options.fsync) for (const written of [path, directory, this.#options.directory]) syncToDisk(written);
  }

  #open(directory: string, file: TopicFile): StoredTopic {
    const topic: StoredTopic = {
      name: file.name,
      id: file.id,
      directory,
      partitions: [],
      config: new TopicConfig(file.config),
    };
    for (let index = 0; index < file.partitions; index++) topic.partitions.push(this.#openLog(topic, index));
    this.#byName.set(topic.name, topic);
    this.#byId.set(topic.id, topic);
    return topic;
  }

  #openLog(topic: StoredTopic, index: number): PartitionLog {
    const { files, clock, log, fsync } = this.#options;
    return PartitionLog.open({
      directory: join(topic.directory, String(index)),
      name: `${topic.name}-${index}`,
      config: () => topic.config,
      files,
      clock,
      log,
      fsync,
    });
  }
}

/** Never begins with a dash, as Kafka's do not, so that it can stand on a command line. */
function newTopicId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}

function writing<Result>(what: string, write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    if (error instanceof RequestError) throw error;
    throw storageError(what, error);
  }
}
