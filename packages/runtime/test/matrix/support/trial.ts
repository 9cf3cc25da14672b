import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createReader } from '@millrace/kafka';
import type { RunState } from '../../../src/worker/run-status.ts';
import type { Site, Workplace } from './site.ts';
import { until } from './until.ts';

export type Kind = 'source' | 'exactly-once source' | 'sink';
export type Config = Readonly<Record<string, string>>;

/** One connector of numbered records, and what there is of them. */
export class Trial {
  readonly kind: Kind;
  readonly site: Site;
  readonly name: string;
  /** Of the numbers: written by a source, read by a sink. */
  readonly topic: string;
  readonly dlq: string;
  readonly folder: string;
  readonly #workplace: Workplace;
  /** Numbers that a source had written to the topic before it was deleted. */
  readonly #before: number[] = [];
  /** The number at offset 0 of what a sink reads. */
  #first = 0;
  #fed = 0;
  #heard = 0;

  private constructor(kind: Kind, site: Site, name: string, workplace: Workplace) {
    this.kind = kind;
    this.site = site;
    this.name = name;
    this.topic = `${name}-numbers`;
    this.dlq = `${name}-dlq`;
    this.folder = join(site.folder, name);
    this.#workplace = workplace;
  }

  static async prepare(kind: Kind, site: Site, name: string): Promise<Trial> {
    const workplace = await site.workplace(kind === 'exactly-once source' ? 'exactly-once' : 'at-least-once');
    const trial = new Trial(kind, site, name, workplace);
    await mkdir(trial.folder);
    await trial.createTopic(trial.topic);
    await trial.feed(0);
    return trial;
  }

  async createTopic(name: string, configs: Config = {}): Promise<void> {
    const error = (await this.site.admin.createTopics([{ name, partitions: 1, configs }])).get(name);
    if (error !== undefined && error.code !== 'TOPIC_ALREADY_EXISTS') throw error;
  }

  /** Makes the numbers below that one available. `spoiled` ones are a text that is no JSON. */
  async feed(upTo: number, spoiled: readonly number[] = []): Promise<void> {
    if (this.kind === 'sink') {
      const { producer } = this.site;
      await producer.loadTopic(this.topic);
      const sent: Promise<unknown>[] = [];
      for (let number = this.#fed; number < upTo; number++) {
        const value = Buffer.from(spoiled.includes(number) ? '{' : `${number}`);
        const headers = [{ name: 'n', value: Buffer.from(`${number}`) }];
        sent.push(producer.send({ topic: this.topic, key: Buffer.from(`k${number}`), value, headers }));
      }
      await Promise.all(sent);
    } else {
      await writeFile(join(this.folder, 'fed'), `${upTo}`);
    }
    this.#fed = upTo;
  }

  /** The connector with this configuration; where it runs already, in its place. */
  async start(config: Config = {}): Promise<void> {
    this.#heard = this.site.log.length;
    await this.#workplace.worker.startConnector({
      name: this.name,
      folder: this.folder,
      'tasks.max': '1',
      ...(this.kind === 'sink'
        ? { 'connector.class': 'collecting', topics: this.topic, 'consumer.override.metadata.max.age.ms': '500' }
        : { 'connector.class': 'numbered', topic: this.topic, 'producer.override.request.timeout.ms': '500' }),
      ...config,
    });
  }

  restart(): Promise<void> {
    return this.#workplace.worker.restartTasks(this.name);
  }

  async pause(): Promise<void> {
    await this.#workplace.worker.pauseConnector(this.name);
    await this.becomes('PAUSED', '');
  }

  resume(): Promise<void> {
    return this.#workplace.worker.resumeConnector(this.name);
  }

  stop(): Promise<void> {
    return this.#workplace.worker.stopConnector(this.name);
  }

  get state(): RunState | undefined {
    return this.#workplace.worker.status(this.name).tasks[0]?.state;
  }

  get trace(): string {
    return this.#workplace.worker.status(this.name).tasks[0]?.trace ?? '';
  }

  /** In that state, with that message: in its trace where it has failed, otherwise in the log. `…` stands for anything. */
  async becomes(state: RunState, message: string): Promise<void> {
    const said = (): boolean => (state === 'FAILED' ? [this.trace] : this.lines()).some((text) => says(text, message));
    const happened = (): boolean => this.state === state && (message === '' || said());
    await until(happened, () => `${this.name} to be ${state} with '${message}'.\n${this.describe()}`);
  }

  /** What the log has said of the connector since it was started. */
  lines(): string[] {
    return this.site.log
      .slice(this.#heard)
      .filter(({ fields }) => fields['connector'] === this.name)
      .map(({ message, fields }) => `${message} ${JSON.stringify(fields['error'] ?? '')}`);
  }

  describe(): string {
    return `It is ${this.state}. ${this.trace}\n${this.lines().slice(-15).join('\n')}`;
  }

  /** Whether a planned fault has happened. */
  has(fault: string): boolean {
    return existsSync(join(this.folder, fault));
  }

  /** The numbers that have come, in their order. */
  async arrived(): Promise<number[]> {
    if (this.kind !== 'sink') return [...this.#before, ...(await this.#read(this.topic))];
    const text = await readFile(join(this.folder, 'written'), 'utf8').catch(() => '');
    return text.split('\n').filter(Boolean).map(Number);
  }

  letters(): Promise<number[]> {
    return this.#read(this.dlq);
  }

  /** How many numbers are committed: all below this one. */
  async committed(): Promise<number> {
    if (this.kind === 'sink') {
      const offsets = await this.site.admin.listGroupOffsets(`connect-${this.name}`);
      return this.#first + (offsets.find(({ topic }) => topic === this.topic)?.offset ?? 0);
    }
    const [offset] = await this.#workplace.offsets.read(this.name, [{ name: 'numbers' }]);
    return Number(offset?.['next'] ?? 0);
  }

  /** Deletes the topic of the numbers; what a source has written to it so far counts as written. */
  async deleteTopic(): Promise<void> {
    if (this.kind === 'sink') this.#first = this.#fed;
    else this.#before.push(...(await this.#read(this.topic)));
    await this.site.admin.deleteTopics([this.topic]);
  }

  /** Resolves when every number so far has come, but for those that may be missing. */
  async allArrive(missing: readonly number[] = []): Promise<void> {
    let lost: number[] = [];
    const complete = async (): Promise<boolean> => {
      const arrived = new Set(await this.arrived());
      lost = this.numbers().filter((number) => !arrived.has(number) && !missing.includes(number));
      return lost.length === 0;
    };
    await until(complete, () => `the numbers ${lost.slice(0, 10)}… of ${this.name}.\n${this.describe()}`);
  }

  /** Resolves when the offset is behind every number so far. */
  async allCommitted(): Promise<void> {
    let committed = 0;
    const complete = async (): Promise<boolean> => {
      committed = await this.committed();
      return committed === this.#fed;
    };
    await until(complete, () => `the commit of ${this.#fed}, it is at ${committed}.\n${this.describe()}`);
  }

  /** Numbers that are committed though they are nowhere: what would be lost. */
  async committedAhead(missing: readonly number[] = []): Promise<number[]> {
    const committed = await this.committed();
    const there = new Set([...(await this.arrived()), ...(await this.letters()), ...missing]);
    return this.numbers().filter((number) => number < committed && !there.has(number));
  }

  numbers(): number[] {
    return Array.from({ length: this.#fed }, (_, number) => number);
  }

  /** The numbers in the keys of a topic, as a reader of committed records sees them. */
  async #read(topic: string): Promise<number[]> {
    if (!(await this.site.admin.describeTopics([topic])).has(topic)) return [];
    const reader = createReader({ settings: { ...this.site.settings, 'isolation.level': 'read_committed' } });
    const found: number[] = [];
    try {
      reader.assign([{ topic, partition: 0, offset: 0 }]);
      await reader.readToEnd((records) => {
        const { record } = records;
        while (records.next()) {
          const key = record.buffer.toString('utf8', record.keyStart, record.keyEnd);
          found.push(Number(/k(\d+)/.exec(key)?.[1]));
        }
      });
    } finally {
      await reader.close();
    }
    return found;
  }
}

function says(text: string, message: string): boolean {
  let at = 0;
  return message.split('…').every((part) => {
    const found = text.indexOf(part, at);
    at = found + part.length;
    return found >= 0;
  });
}
