import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@millrace/api';
import { type Broker, type BrokerOptions, startBroker } from '@millrace/broker';
import { type Admin, createAdmin, createProducer, createReader, type Producer } from '@millrace/kafka';
import type { LogLine } from '../../../src/host/host-messages.ts';
import type { ThreadHostOptions } from '../../../src/host/thread-host.ts';
import { createKafkaOffsetStore } from '../../../src/offsets/kafka-offset-store.ts';
import type { OffsetStore } from '../../../src/offsets/offset-store.ts';
import { createWorker, type Worker } from '../../../src/worker/worker.ts';
import { type FailingStorage, failingStorage } from './failing-storage.ts';

export type HostKind = 'inline' | 'thread';
export type Guarantee = 'at-least-once' | 'exactly-once';

export interface SiteOptions {
  readonly broker?: Pick<BrokerOptions, 'autoCreateTopics'>;
  readonly host?: Omit<ThreadHostOptions, 'log'>;
}

export interface Workplace {
  readonly worker: Worker;
  readonly offsets: OffsetStore;
}

/** `task.shutdown.graceful.timeout.ms` of every worker here. */
export const stopMs = 1500;

/** A broker and the workers that use it. */
export class Site {
  readonly hostKind: HostKind;
  readonly folder: string;
  readonly admin: Admin;
  readonly producer: Producer;
  readonly log: LogLine[] = [];
  /** Of the broker. */
  readonly disk: FailingStorage;
  readonly #options: SiteOptions;
  readonly #workplaces = new Map<Guarantee, Promise<Workplace>>();
  #broker: Broker | undefined;
  readonly #port: number;

  private constructor(hostKind: HostKind, options: SiteOptions, folder: string, disk: FailingStorage, broker: Broker) {
    this.hostKind = hostKind;
    this.folder = folder;
    this.disk = disk;
    this.#options = options;
    this.#broker = broker;
    this.#port = broker.port;
    this.admin = createAdmin({ settings: this.settings });
    this.producer = createProducer({ settings: { ...this.settings, 'linger.ms': 0 } });
  }

  static async open(hostKind: HostKind, options: SiteOptions = {}): Promise<Site> {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-matrix-'));
    const disk = failingStorage();
    const broker = await startBroker({ ...options.broker, data: join(folder, 'broker'), storage: disk });
    return new Site(hostKind, options, folder, disk, broker);
  }

  get settings(): { readonly 'bootstrap.servers': string } {
    return { 'bootstrap.servers': `127.0.0.1:${this.#port}` };
  }

  workplace(guarantee: Guarantee): Promise<Workplace> {
    let workplace = this.#workplaces.get(guarantee);
    workplace ??= this.#openWorkplace(guarantee);
    this.#workplaces.set(guarantee, workplace);
    return workplace;
  }

  async stopBroker(): Promise<void> {
    await this.#broker?.close();
    this.#broker = undefined;
  }

  /** With everything that it had, where it was. */
  async startBroker(): Promise<void> {
    this.#broker = await startBroker({
      ...this.#options.broker,
      data: join(this.folder, 'broker'),
      storage: this.disk,
      port: this.#port,
    });
  }

  async close(): Promise<void> {
    for (const workplace of this.#workplaces.values()) await (await workplace).worker.close();
    await Promise.all([this.admin.close(), this.producer.close({ timeoutMs: 0 })]);
    await this.#broker?.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #openWorkplace(guarantee: Guarantee): Promise<Workplace> {
    const topic = `offsets-${guarantee}`;
    const offsets = await this.#openOffsets(topic);
    const worker = await createWorker({
      properties: {
        ...this.settings,
        'group.id': `workers-${guarantee}`,
        'offset.storage.topic': topic,
        'offset.flush.interval.ms': '50',
        'offset.flush.timeout.ms': '1000',
        'task.shutdown.graceful.timeout.ms': `${stopMs}`,
        'key.converter': 'StringConverter',
        'value.converter': 'StringConverter',
        ...(guarantee === 'exactly-once' && { 'exactly.once.source.support': 'enabled' }),
      },
      plugins: [import.meta.resolve('../fixtures/plugins.ts')],
      hostKind: this.hostKind,
      offsets,
      log: (line) => this.log.push(line),
      host: this.#options.host,
      hosts: 1,
    });
    return { worker, offsets };
  }

  async #openOffsets(topic: string): Promise<OffsetStore> {
    const settings = { ...this.settings, 'isolation.level': 'read_committed' };
    const clients = {
      admin: createAdmin({ settings }),
      reader: createReader({ settings }),
      producer: createProducer({
        settings: { ...settings, 'delivery.timeout.ms': 2_000, 'request.timeout.ms': 1_000 },
      }),
    };
    const store = createKafkaOffsetStore({ topic, partitions: 1, replicationFactor: 1, clients, log: silentLogger });
    await store.start();
    return store;
  }
}
