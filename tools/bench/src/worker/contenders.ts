import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { System } from '../kafka/systems.ts';
import type { Contender } from '../processes/contest.ts';
import { startJavaWorker } from './java-worker.ts';
import { checkLines, fillTopic, hasLastLine, type LineFormat, newLineTopic, openReader } from './line-topic.ts';
import { benchFolder, fileHash, type Lines, linesOf } from './lines.ts';
import { startOurWorker } from './our-worker.ts';
import type { Properties, RunningWorker } from './running-worker.ts';

export interface FlowOptions {
  readonly system: () => Promise<System>;
  readonly format: LineFormat;
  /** Of an exactly-once source. */
  readonly boundary?: 'poll' | 'interval';
}

interface Target {
  readonly worker: RunningWorker;
  readonly system: System;
  readonly lines: Lines;
  readonly topic: string;
  readonly connector: Properties & { readonly name: string };
}

type Flow = Pick<Contender<Target>, 'work' | 'check'> & {
  readonly connector: (lines: Lines, topic: string) => Properties;
  readonly topic: (system: System, lines: Lines) => Promise<string>;
};

const patienceMs = 120_000;
const topicLookMs = 50;
const fileLookMs = 4;
let connectors = 0;

const converters: Readonly<Record<LineFormat, string>> = {
  string: 'org.apache.kafka.connect.storage.StringConverter',
  json: 'org.apache.kafka.connect.json.JsonConverter',
};

/** A file to a topic, with FileStreamSource. */
export const sourceContenders = (options: FlowOptions): Record<'ours' | 'java', Contender> =>
  contenders(options, sourceFlow(options));

/** A topic to a file, with FileStreamSink. */
export const sinkContenders = (options: FlowOptions): Record<'ours' | 'java', Contender> =>
  contenders(options, sinkFlow(options));

function sourceFlow({ format, boundary }: FlowOptions): Flow {
  return {
    topic: newLineTopic,
    connector: ({ path }, topic) => ({
      'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
      file: path,
      topic,
      ...(boundary !== undefined && { 'exactly.once.support': 'required', 'transaction.boundary': boundary }),
      ...(boundary === 'interval' && { 'transaction.boundary.interval.ms': '1000' }),
    }),
    work: async ({ worker, system, lines, topic, connector }, meter) => {
      const reader = openReader(system);
      try {
        await worker.start(connector);
        await until(worker, connector.name, topicLookMs, () => hasLastLine(reader, topic, lines, format));
        // What the check takes is no part of it.
        meter.stop();
        const seconds = await checkLines(reader, topic, lines, format);
        const commitMs = await worker.commitMs(connector.name);
        return {
          records: lines.count,
          seconds,
          ...(boundary !== undefined && commitMs !== undefined && { shares: { commits: commitMs / 1000 } }),
        };
      } finally {
        await reader.close();
      }
    },
    check: async ({ worker, system, topic, connector }) => {
      await worker.stop(connector.name);
      await system.admin.deleteTopics([topic]);
    },
  };
}

function sinkFlow({ format }: FlowOptions): Flow {
  const filled = new Map<Lines, Promise<string>>();
  const fill = async (system: System, lines: Lines): Promise<string> => {
    const topic = await newLineTopic(system);
    await fillTopic(system, topic, lines, format);
    return topic;
  };
  const output = (name: string): string => join(benchFolder(), `${name}.out`);
  return {
    topic: (system, lines) => {
      const topic = filled.get(lines) ?? fill(system, lines);
      filled.set(lines, topic);
      return topic;
    },
    connector: (_lines, topics) => ({
      'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
      topics,
    }),
    work: async ({ worker, lines, connector }, meter) => {
      const { name } = connector;
      const path = output(name);
      const size = async (): Promise<number> => (await stat(path).catch(() => undefined))?.size ?? 0;
      let first = 0;
      await worker.start({ ...connector, file: path });
      await until(worker, name, fileLookMs, async () => {
        const bytes = await size();
        if (bytes === 0) first = performance.now();
        return bytes >= lines.bytes;
      });
      const seconds = (performance.now() - first) / 1000;
      meter.stop();
      return { records: lines.count, seconds };
    },
    check: async ({ worker, lines, connector: { name } }) => {
      await worker.stop(name);
      const path = output(name);
      const { size } = await stat(path);
      if (size !== lines.bytes) throw new Error(`${path} has ${size} bytes instead of ${lines.bytes}`);
      if ((await fileHash(path)) !== lines.hash) throw new Error(`${path} has other lines than the topic`);
    },
  };
}

function contenders({ system, format, boundary }: FlowOptions, flow: Flow): Record<'ours' | 'java', Contender> {
  const contender = (side: string, open: (running: System) => Promise<RunningWorker>): Contender<Target> => {
    let worker: Promise<RunningWorker> | undefined;
    return {
      prepare: async ({ records }) => {
        const running = await system();
        worker ??= open(running);
        const lines = linesOf(records);
        const topic = await flow.topic(running, lines);
        const name = `${side}-${process.pid}-${++connectors}`;
        const connector = {
          name,
          'tasks.max': '1',
          'value.converter': converters[format],
          ...flow.connector(lines, topic),
        };
        return { worker: await worker, system: running, lines, topic, connector };
      },
      work: (target, meter, size) => {
        meter.watch('worker', target.worker.pid);
        if (target.system.pid !== undefined) meter.watch('broker', target.system.pid);
        return flow.work(target, meter, size);
      },
      check: flow.check,
      close: async () => {
        const closing = await worker;
        worker = undefined;
        await closing?.close();
      },
    };
  };
  const settings = ({ bootstrap }: System) => ({ bootstrap, exactlyOnce: boundary !== undefined });
  return {
    ours: contender('ours', (running) => startOurWorker(settings(running))) as Contender,
    java: contender('java', (running) => startJavaWorker(settings(running), running.classPath)) as Contender,
  };
}

async function until(worker: RunningWorker, name: string, lookMs: number, done: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMs;
  let nextCheck = 0;
  while (!(await done())) {
    const now = Date.now();
    if (now > deadline) throw new Error(`The connector ${name} was not done within ${patienceMs / 1000} s`);
    if (now > nextCheck) {
      await worker.check(name);
      nextCheck = now + 1000;
    }
    await sleep(lookMs);
  }
}
