import { setTimeout as wait } from 'node:timers/promises';
import { createConsumer, createProducer } from '@millrace/kafka';
import { expect } from 'vitest';
import { sinkMemberName } from '../../../src/sink/sink-members.ts';
import type { Situation } from '../support/situation.ts';
import type { Kind, Trial } from '../support/trial.ts';
import { until } from '../support/until.ts';

const sources: readonly Kind[] = ['source', 'exactly-once source'];
const every: readonly Kind[] = [...sources, 'sink'];
const goesOn = 'None needed; the task goes on by itself';

/** How long a broker is away; a minute in `pnpm soak matrix`. */
const outageMs = process.env['MILLRACE_SOAK'] === 'true' ? 60_000 : 3_000;

const outage: Situation = {
  situation: 'The broker is away for 60 s',
  kinds: every,
  state: 'RUNNING',
  message: '',
  recovery: goesOn,
  ownSite: {},
  provoke: async (trial) => {
    await trial.allArrive();
    await trial.site.stopBroker();
    if (trial.kind !== 'sink') await trial.feed(150);
    await wait(outageMs);
    expect(trial.state).toBe('RUNNING');
    await trial.site.startBroker();
    await trial.feed(150);
    await trial.allArrive();
  },
};

/** The broker's disk is full until it has refused so many writes. */
async function fillDisk({ site: { disk } }: Trial, what: string, writes = 3): Promise<void> {
  const before = disk.refused;
  disk.full = what;
  await until(
    () => disk.refused >= before + writes,
    () => `${writes} writes that are refused, there were ${disk.refused - before}`,
  );
}

const fullDisk: readonly Situation[] = [
  {
    situation: 'The disk of the broker is full',
    kinds: every,
    state: 'RUNNING',
    message: '',
    recovery: 'Make room; the task goes on by itself',
    ownSite: {},
    provoke: async (trial) => {
      await trial.allArrive();
      if (trial.kind === 'sink') await trial.feed(150);
      const filled = fillDisk(trial, '');
      if (trial.kind !== 'sink') await trial.feed(150);
      await filled;
      expect(trial.state).toBe('RUNNING');
      trial.site.disk.full = undefined;
      await trial.allArrive();
    },
  },
  {
    situation: 'The offsets topic cannot be written',
    kinds: ['source'],
    state: 'RUNNING',
    message:
      'Offsets of 1 partitions of the source could not be committed; they go with the next commit, in … ms at most: …',
    recovery: 'Make the topic writable; records flow meanwhile, and come again only if the task ends before',
    ownSite: {},
    provoke: async (trial) => {
      await trial.allArrive();
      trial.site.disk.full = 'offsets-at-least-once.';
      await trial.feed(150);
      await trial.allArrive();
      expect(await trial.committed()).toBeLessThanOrEqual(100);
    },
    recover: async (trial) => {
      trial.site.disk.full = undefined;
    },
  },
  {
    situation: 'The offsets topic cannot be written',
    kinds: ['exactly-once source'],
    state: 'RUNNING',
    message: '',
    recovery: 'Make the topic writable; no transaction ends before, and the task goes on by itself',
    ownSite: {},
    provoke: async (trial) => {
      await trial.allArrive();
      const filled = fillDisk(trial, 'offsets-exactly-once.');
      await trial.feed(150);
      await filled;
      expect((await trial.arrived()).length).toBe(100);
    },
    recover: async (trial) => {
      trial.site.disk.full = undefined;
    },
  },
  {
    situation: 'The disk of the target is full',
    kinds: ['sink'],
    state: 'FAILED',
    message: 'Exiting WorkerSinkTask due to unrecoverable exception: ENOSPC: no space left on device…',
    recovery:
      'Make room and restart the task; connectors that can wait throw a RetriableError instead and go on by themselves',
    config: { path: '/dev/full' },
    recover: (trial) => trial.start(),
  },
];

const vanishing: readonly Situation[] = [
  {
    situation: 'The topic is deleted while a source writes to it, `auto.create.topics.enable=true`',
    kinds: sources,
    state: 'RUNNING',
    message: '',
    recovery: 'None needed; the broker makes it anew. What was acknowledged before went with the topic',
    ownSite: {},
    provoke: async (trial) => {
      await trial.allArrive();
      await trial.deleteTopic();
    },
  },
  {
    situation: 'The same, `auto.create.topics.enable=false`',
    kinds: sources,
    state: 'RUNNING',
    message: '',
    recovery: 'Create the topic; the task goes on by itself',
    ownSite: { broker: { autoCreateTopics: false } },
    provoke: async (trial) => {
      await trial.allArrive();
      await trial.deleteTopic();
      await trial.feed(150);
      await wait(1000);
      expect(trial.state).toBe('RUNNING');
    },
    recover: (trial) => trial.createTopic(trial.topic),
  },
  {
    situation: 'The topic is deleted while a sink reads it',
    kinds: ['sink'],
    state: 'RUNNING',
    message: 'Commit of offsets failed; the records are put again where the task starts anew',
    recovery: 'Create the topic; it is read from its start',
    ownSite: { broker: { autoCreateTopics: false } },
    config: { faults: 'flush#1=slow' },
    provoke: async (trial) => {
      await trial.allArrive();
      await trial.deleteTopic();
      await wait(1000);
      expect(trial.state).toBe('RUNNING');
    },
    recover: (trial) => trial.createTopic(trial.topic),
  },
];

const fenced: readonly Situation[] = [
  {
    situation: 'Another task has the same transactional id',
    kinds: ['exactly-once source'],
    state: 'FAILED',
    message:
      'Another task has taken over the transactional.id …, or a transaction was open for longer than transaction.timeout.ms: this task ends, and what it had not committed is dropped.',
    recovery: 'Stop the other one and restart the task',
    provoke: async (trial) => {
      await trial.allArrive();
      const id = `workers-exactly-once-${trial.name}-0`;
      const other = createProducer({ settings: { ...trial.site.settings, 'transactional.id': id } });
      await other.initTransactions();
      await trial.feed(150);
      await other.close();
    },
    recover: (trial) => trial.restart(),
  },
  {
    situation: 'Another task has the same `group.instance.id`',
    kinds: ['sink'],
    state: 'FAILED',
    message:
      'Task … was fenced: another consumer has joined its group as … (group.instance.id). It goes on there, and this one has committed nothing since.',
    recovery: 'Stop the other one and restart the task',
    provoke: async (trial) => {
      await trial.allArrive();
      await until(
        async () => (await trial.committed()) === 100,
        () => 'the commit',
      );
      const settings = {
        ...trial.site.settings,
        'group.id': `connect-${trial.name}`,
        'group.instance.id': sinkMemberName({ connector: trial.name, task: 0 }),
      };
      const other = createConsumer({ settings });
      const joining = other.start({ topics: [trial.topic] });
      await until(
        () => trial.state === 'FAILED',
        () => `the failure.\n${trial.describe()}`,
      );
      await joining;
      await other.close();
    },
    recover: (trial) => trial.restart(),
  },
];

const small = { large: '20', 'producer.override.max.request.size': '10000' };

const tooLarge: readonly Situation[] = [
  {
    situation:
      'A record is larger than `max.request.size`, `errors.tolerance=none`; exactly-once: whatever is tolerated',
    kinds: sources,
    state: 'FAILED',
    message: 'task … failed at stage KAFKA_PRODUCE in …, record with …',
    recovery: "Raise `producer.override.max.request.size`, and the topic's `max.message.bytes`; restart the task",
    config: ({ kind }) => ({ ...small, ...(kind === 'exactly-once source' && { 'errors.tolerance': 'all' }) }),
    doubled: ['source'],
    recover: (trial) => trial.start({ large: '20' }),
  },
  {
    situation: 'The same, at-least-once and `errors.tolerance=all`',
    kinds: ['source'],
    state: 'RUNNING',
    message: "Error encountered in task …. Executing stage 'KAFKA_PRODUCE' with class '…'",
    recovery: 'None needed; the record is skipped and its offset committed',
    skipped: [20],
    config: { ...small, 'errors.tolerance': 'all', 'errors.log.enable': 'true' },
  },
];

export const kafkaSituations: readonly Situation[] = [...tooLarge, outage, ...vanishing, ...fullDisk, ...fenced];
