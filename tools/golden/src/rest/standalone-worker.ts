import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@millrace/api';
import { type Broker, startBroker } from '@millrace/broker';
import { createAdmin, createProducer, createReader } from '@millrace/kafka';
import {
  createKafkaOffsetStore,
  createWorker,
  type RestServer,
  StandaloneHerder,
  startRestServer,
} from '@millrace/runtime';

/** A worker by itself with its REST server, an embedded broker, and the files that the recorded connectors read. */
export interface StandaloneWorker {
  readonly url: string;
  /** What the placeholders of the recordings stand for. */
  readonly places: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const offsetsTopic = 'connect-offsets';

/** As it was prepared for the recording. */
export async function startStandaloneWorker(): Promise<StandaloneWorker> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-rest-'));
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}\n`);
  await writeFile(join(folder, 'in1.txt'), lines.join(''));
  const broker = await startBroker();
  const { rest, herder } = await start(broker);
  const [url = ''] = rest.urls;
  return {
    url,
    places: { WORKDIR: folder, REST: rest.workerId, BOOTSTRAP: broker.bootstrap },
    close: async () => {
      await rest.close();
      await herder.close();
      await broker.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function start(broker: Broker): Promise<{ readonly rest: RestServer; readonly herder: StandaloneHerder }> {
  const settings = { 'bootstrap.servers': broker.bootstrap, 'isolation.level': 'read_committed' };
  const clients = {
    admin: createAdmin({ settings }),
    reader: createReader({ settings }),
    producer: createProducer({ settings }),
  };
  const offsets = createKafkaOffsetStore({
    topic: offsetsTopic,
    partitions: 5,
    replicationFactor: 1,
    clients,
    log: silentLogger,
  });
  await offsets.start();
  const json = 'org.apache.kafka.connect.json.JsonConverter';
  const properties = {
    'bootstrap.servers': broker.bootstrap,
    listeners: 'http://127.0.0.1:0',
    'key.converter': json,
    'value.converter': json,
    'offset.flush.interval.ms': '500',
  };
  const worker = await createWorker({
    properties,
    plugins: [import.meta.resolve('@millrace/connector-file/plugin')],
    offsets,
  });
  const rest = await startRestServer({ properties });
  const { workerId } = rest;
  const herder = new StandaloneHerder({ worker, workerId, offsets, version: '0.0.0', commit: 'unknown' });
  rest.serve(herder);
  return { rest, herder };
}
