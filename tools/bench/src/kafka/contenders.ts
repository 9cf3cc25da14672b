import { fileURLToPath } from 'node:url';
import type { Contender, RunSize, Work } from '../processes/contest.ts';
import { Meter } from '../processes/meter.ts';
import type { ClientWork } from './client-work.ts';
import { javaConsume, javaProduce } from './java-tools.ts';
import { nodeCommand, nodeEnvironment } from './node-command.ts';
import type { System } from './systems.ts';
import { checkRecords, newTopic, valuesOf } from './topics.ts';

/** Java's defaults, said to both sides so that nobody's own defaults count. */
const producerSettings = {
  acks: 'all',
  'enable.idempotence': 'true',
  'linger.ms': '5',
  'batch.size': '16384',
  'buffer.memory': '33554432',
  'compression.type': 'none',
};
/** Those of ConsumerPerformance: it does not check checksums. */
const consumerSettings = {
  'check.crcs': 'false',
  'fetch.max.bytes': '52428800',
  'max.partition.fetch.bytes': '1048576',
  'auto.offset.reset': 'earliest',
};

interface Target {
  readonly system: System;
  readonly topic: string;
}

/** What is written or read, and where. */
export interface Data {
  readonly system: () => Promise<System>;
  readonly partitions: number;
  readonly valueBytes: number;
}

/** Ours and Java's way to write the same values into a new topic. */
export function producers({ system, partitions, valueBytes }: Data): Record<'ours' | 'java', Contender<Target>> {
  const values = valuesOf(valueBytes);
  const contender = (produce: (target: Target, meter: Meter, size: RunSize) => Promise<Work>): Contender<Target> => ({
    prepare: async () => {
      const running = await system();
      return { system: running, topic: await newTopic(running, partitions) };
    },
    work: (target, meter, size) => watching(target.system, meter, () => produce(target, meter, size)),
    check: async ({ system: running, topic }, _work, { records }) => {
      await checkRecords(running, topic, partitions, records, values);
      await running.admin.deleteTopics([topic]);
    },
  });
  return {
    ours: contender(({ system: { bootstrap }, topic }, meter, { records }) => {
      const settings = { 'bootstrap.servers': bootstrap, ...producerSettings };
      return runClient(meter, { does: 'produce', settings, topic, records, values });
    }),
    java: contender(({ system: running, topic }, meter, { records }) =>
      javaProduce(meter, running, { topic, records, values, settings: producerSettings }),
    ),
  };
}

/** Ours and Java's way to read the same topic, which our producer has filled. */
export function consumers(data: Data, records: number): Record<'ours' | 'java', Contender<Target>> {
  const { partitions, valueBytes } = data;
  let filled: Promise<Target> | undefined;
  const fill = async (): Promise<Target> => {
    const { ours } = producers(data);
    const target = await ours.prepare({ records });
    await ours.work(target, new Meter(), { records });
    return target;
  };
  const contender = (consume: (target: Target, meter: Meter, size: RunSize) => Promise<Work>): Contender<Target> => ({
    prepare: () => (filled ??= fill()),
    work: (target, meter, size) => watching(target.system, meter, () => consume(target, meter, size)),
    check: async ({ topic }, { records: read, bytes }, size) => {
      // A run that reads less than all may end within a batch.
      if (read < size.records || read > records || bytes === undefined) {
        throw new Error(`${read} records of ${topic} were read instead of ${size.records}`);
      }
      if (Math.abs(bytes - read * valueBytes) > 1024) {
        throw new Error(`${bytes} bytes of ${topic} were read instead of ${read * valueBytes}`);
      }
    },
  });
  return {
    ours: contender(({ system: { bootstrap }, topic }, meter, size) => {
      const settings = { 'bootstrap.servers': bootstrap, ...consumerSettings };
      return runClient(meter, { does: 'consume', settings, topic, partitions, records: size.records });
    }),
    java: contender(({ system, topic }, meter, size) =>
      javaConsume(meter, system, { topic, records: size.records, settings: consumerSettings }),
    ),
  };
}

/** Our producer, reader and group member, open and with nothing to do. */
export function idler(system: () => Promise<System>, milliseconds: number): Contender<Target> {
  const partitions = 4;
  return {
    prepare: async () => {
      const running = await system();
      return { system: running, topic: await newTopic(running, partitions) };
    },
    work: ({ system: { bootstrap }, topic }, meter) => {
      const settings = { 'bootstrap.servers': bootstrap };
      return runClient(meter, { does: 'idle', settings, topic, partitions, milliseconds });
    },
    check: async ({ system: { admin }, topic }) => {
      await admin.deleteTopics([topic]);
    },
  };
}

async function watching(system: System, meter: Meter, work: () => Promise<Work>): Promise<Work> {
  if (system.pid !== undefined) meter.watch('broker', system.pid);
  return await work();
}

async function runClient(meter: Meter, work: ClientWork): Promise<Work> {
  const client = fileURLToPath(import.meta.resolve('#kafka-client'));
  const output = await meter.run('client', nodeCommand(client, JSON.stringify(work)), { env: nodeEnvironment });
  return JSON.parse(output) as Work;
}
