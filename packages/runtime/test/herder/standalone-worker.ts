import { silentLogger } from '@millrace/api';
import { type Broker, startBroker } from '@millrace/broker';
import { createAdmin, createProducer, createReader } from '@millrace/kafka';
import { StandaloneHerder, type StandaloneHerderOptions } from '../../src/herder/standalone-herder.ts';
import { createKafkaOffsetStore } from '../../src/offsets/kafka-offset-store.ts';
import { type RestServer, startRestServer } from '../../src/rest/rest-server.ts';
import { createWorker } from '../../src/worker/worker.ts';
import { pluginModule } from '../host/fixtures/specs.ts';

/** What a request was answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A whole standalone worker within the test, with an embedded broker. */
export class StandaloneWorkerUnderTest implements AsyncDisposable {
  readonly rest: RestServer;
  readonly #herder: StandaloneHerder;
  readonly #broker: Broker;

  constructor(rest: RestServer, herder: StandaloneHerder, broker: Broker) {
    this.rest = rest;
    this.#herder = herder;
    this.#broker = broker;
  }

  async ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.rest.urls[0]}${path}`, {
      method,
      ...(body !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rest.close();
    await this.#herder.close();
    await this.#broker.close();
  }
}

export async function startStandalone(
  more: Readonly<Record<string, string>> = {},
  options: Partial<StandaloneHerderOptions> = {},
): Promise<StandaloneWorkerUnderTest> {
  const broker = await startBroker();
  const settings = { 'bootstrap.servers': broker.bootstrap, 'isolation.level': 'read_committed' };
  const clients = {
    admin: createAdmin({ settings }),
    reader: createReader({ settings }),
    producer: createProducer({ settings }),
  };
  const topic = 'connect-offsets';
  const offsets = createKafkaOffsetStore({ topic, partitions: 1, replicationFactor: 1, clients, log: silentLogger });
  await offsets.start();
  const properties = {
    'bootstrap.servers': broker.bootstrap,
    listeners: 'http://127.0.0.1:0',
    'offset.flush.interval.ms': '50',
    'key.converter': 'StringConverter',
    'value.converter': 'StringConverter',
    ...more,
  };
  const worker = await createWorker({ properties, plugins: [pluginModule], hostKind: 'inline', offsets });
  const rest = await startRestServer({ properties });
  const { workerId } = rest;
  const herder = new StandaloneHerder({ worker, workerId, offsets, version: '1', commit: 'c', ...options });
  rest.serve(herder);
  return new StandaloneWorkerUnderTest(rest, herder, broker);
}
