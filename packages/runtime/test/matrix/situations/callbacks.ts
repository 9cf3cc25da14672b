import { createConsumer } from '@millrace/kafka';
import { expect } from 'vitest';
import { stopMs } from '../support/site.ts';
import type { Situation } from '../support/situation.ts';
import type { Kind, Trial } from '../support/trial.ts';
import { until } from '../support/until.ts';

const sources: readonly Kind[] = ['source', 'exactly-once source'];
const every: readonly Kind[] = [...sources, 'sink'];

const restart = (trial: Trial): Promise<void> => trial.restart();
const restartTheTask = 'Restart the task when the cause is gone';
const none = 'None needed';

const throwing: readonly Situation[] = [
  {
    situation: '`open` throws',
    kinds: every,
    state: 'FAILED',
    message: 'The planned fault open#1=fail.',
    recovery: restartTheTask,
    config: { faults: 'open#1=fail' },
    recover: restart,
  },
  {
    situation: '`poll` throws a RetriableError',
    kinds: sources,
    state: 'RUNNING',
    message: 'poll failed for the moment and is called again in 200 ms: …',
    recovery: 'None needed; `poll` is called again after 100 ms, doubling to 10 s',
    config: { faults: 'poll#2=retriable,poll#3=retriable' },
  },
  {
    situation: '`poll` throws anything else',
    kinds: sources,
    state: 'FAILED',
    message: 'The planned fault poll#2=fail.',
    recovery: restartTheTask,
    config: { faults: 'poll#2=fail' },
    recover: restart,
  },
  {
    situation: '`commit` or `committed` throws, every time',
    kinds: sources,
    state: 'RUNNING',
    message: 'The task threw in commit(); its offsets are not affected.',
    recovery: none,
    config: { faults: 'commit#*=fail,committed#*=fail' },
  },
  {
    situation: '`put` throws a RetriableError',
    kinds: ['sink'],
    state: 'RUNNING',
    message: 'The task asks for the same records again; they are put again after … ms',
    recovery: 'None needed; the same records are put again after 1 s, or what `context.timeout` says',
    config: { faults: 'put#1=retriable,put#2=retriable' },
  },
  {
    situation: '`put` throws anything else',
    kinds: ['sink'],
    state: 'FAILED',
    message: 'Exiting WorkerSinkTask due to unrecoverable exception: …',
    recovery: restartTheTask,
    config: { faults: 'put#1=fail' },
    recover: restart,
  },
  ...['flush', 'preCommit'].map(
    (call): Situation => ({
      situation: `\`${call}\` throws`,
      kinds: ['sink'],
      state: 'RUNNING',
      message: 'Offset commit failed, rewinding to last committed offsets',
      recovery: 'None needed; what was not committed is put again',
      doubled: ['sink'],
      config: { faults: `${call}#1=fail,${call}#2=fail` },
    }),
  ),
  {
    situation: '`partitionsAssigned` throws',
    kinds: ['sink'],
    state: 'FAILED',
    message: 'The planned fault partitionsAssigned#1=fail.',
    recovery: restartTheTask,
    config: { faults: 'partitionsAssigned#1=fail' },
    recover: restart,
  },
  {
    situation: '`partitionsRevoked` throws',
    kinds: ['sink'],
    state: 'FAILED',
    message: 'The planned fault partitionsRevoked#1=fail.',
    recovery: restartTheTask,
    config: { faults: 'partitionsRevoked#1=fail' },
    provoke: async (trial) => {
      await trial.allArrive();
      const other = createConsumer({ settings: { ...trial.site.settings, 'group.id': `connect-${trial.name}` } });
      void other.start({ topics: [trial.topic] }).catch(() => undefined);
      await until(
        () => trial.state === 'FAILED',
        () => `the failure.\n${trial.describe()}`,
      );
      await other.close();
    },
    recover: restart,
  },
  {
    situation: '`close` throws',
    kinds: every,
    state: 'RUNNING',
    message: 'The planned fault close#1=fail.',
    recovery: 'None needed; everything else is closed all the same',
    config: { faults: 'close#1=fail' },
    provoke: async (trial) => {
      await trial.allArrive();
      await trial.restart();
    },
  },
];

/** Calls that are made as soon as the task runs, and those of its end. */
const hanging = (call: string, kinds: readonly Kind[], atTheEnd = false): Situation => ({
  situation: `\`${call}\` never returns`,
  kinds,
  state: call === 'open' ? 'UNASSIGNED' : 'RUNNING',
  message: '',
  recovery: atTheEnd
    ? 'Stopping ends at `task.shutdown.graceful.timeout.ms`'
    : 'Restart the task; stopping ends at `task.shutdown.graceful.timeout.ms`',
  doubled: ['open', 'partitionsAssigned'].includes(call) ? [] : ['source', 'sink'],
  config: { faults: `${call}#1=hang` },
  provoke: async (trial) => {
    if (atTheEnd) return trial.allArrive();
    await until(
      () => trial.has(`${call}#1=hang`),
      () => `${call} to hang.\n${trial.describe()}`,
    );
  },
  recover: async (trial) => {
    const began = performance.now();
    await trial.restart();
    expect(performance.now() - began, 'milliseconds until it was stopped').toBeLessThan(stopMs + 2000);
    expect(trial.has(`${call}#1=hang`)).toBe(true);
  },
});

export const callbackSituations: readonly Situation[] = [
  ...throwing,
  hanging('open', every),
  ...['poll', 'commit', 'committed'].map((call) => hanging(call, sources)),
  ...['partitionsAssigned', 'put', 'flush', 'preCommit'].map((call) => hanging(call, ['sink'])),
  hanging('partitionsRevoked', ['sink'], true),
  hanging('close', every, true),
];
