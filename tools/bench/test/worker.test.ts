import { startBroker } from '@millrace/broker';
import { createAdmin, createProducer } from '@millrace/kafka';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Contender, Meter } from '../src/index.ts';
import type { System } from '../src/kafka/systems.ts';
import { sinkContenders, sourceContenders } from '../src/worker/contenders.ts';
import { checkLines, fillTopic, hasLastLine, newLineTopic, openReader } from '../src/worker/line-topic.ts';
import { type Lines, linesOf } from '../src/worker/lines.ts';

let system: System;
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const broker = await startBroker();
  const admin = createAdmin({ settings: { 'bootstrap.servers': broker.bootstrap } });
  system = { bootstrap: broker.bootstrap, pid: undefined, classPath: '', admin };
  closers.push(
    () => broker.close(),
    () => admin.close(),
  );
});
afterAll(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe('lines in a topic', () => {
  const look = async (lines: Lines, topic: string, format: 'string' | 'json' = 'string') => {
    const reader = openReader(system);
    try {
      const whole = await hasLastLine(reader, topic, lines, format);
      return { whole, seconds: await checkLines(reader, topic, lines, format) };
    } finally {
      await reader.close();
    }
  };

  it.each(['string', 'json'] as const)('are all there, in their order, as %s', async (format) => {
    const topic = await newLineTopic(system);
    await fillTopic(system, topic, linesOf(300), format);
    const { whole, seconds } = await look(linesOf(300), topic, format);
    expect(whole).toBe(true);
    expect(seconds).toBeGreaterThanOrEqual(0);
  });

  it('are counted, so that one too many or too few is an error', async () => {
    const topic = await newLineTopic(system);
    await fillTopic(system, topic, linesOf(299), 'string');
    await expect(look(linesOf(300), topic)).rejects.toThrow('has 299 records instead of 300');
  });

  it('are compared, so that another one in their place is an error', async () => {
    const topic = await newLineTopic(system);
    const producer = createProducer({ settings: { 'bootstrap.servers': system.bootstrap } });
    for (let index = 0; index < 300; index++) {
      await producer.send({ topic, partition: 0, value: Buffer.from(String(index).padStart(100, '0')) });
    }
    await producer.close();
    await expect(look(linesOf(300), topic)).rejects.toThrow('has other lines than the file');
  });
});

describe('our worker in a process of its own', () => {
  /** How many records each run has moved; what a run has moved wrongly is an error. */
  const runs = async (contender: Contender, times: number) => {
    const size = { records: 3000 };
    const moved: number[] = [];
    try {
      for (let run = 0; run < times; run++) {
        const target = await contender.prepare(size);
        const meter = new Meter();
        const work = await contender.work(target, meter, size);
        expect(meter.usage().get('worker')?.peakBytes).toBeGreaterThan(20e6);
        await contender.check(target, work, size);
        moved.push(work.records);
      }
    } finally {
      await contender.close?.();
    }
    return moved;
  };
  const options = { system: async () => system };

  it('takes a file to a topic, again and again', { timeout: 60_000 }, async () => {
    expect(await runs(sourceContenders({ ...options, format: 'json' }).ours, 2)).toEqual([3000, 3000]);
  });

  it('takes it exactly once', { timeout: 60_000 }, async () => {
    expect(await runs(sourceContenders({ ...options, format: 'string', boundary: 'poll' }).ours, 1)).toEqual([3000]);
  });

  it('takes a topic to a file', { timeout: 60_000 }, async () => {
    expect(await runs(sinkContenders({ ...options, format: 'string' }).ours, 2)).toEqual([3000, 3000]);
  });
});
