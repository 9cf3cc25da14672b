import { expect } from 'vitest';
import type { Situation } from '../support/situation.ts';
import type { Config, Kind, Trial } from '../support/trial.ts';
import { until } from '../support/until.ts';

const every: readonly Kind[] = ['source', 'exactly-once source', 'sink'];

/** Number 120 is poison; a letter is tried for 1.5 s. */
const poisonLater = ({ dlq }: Trial): Config => ({
  'producer.override.delivery.timeout.ms': '1500',
  'producer.override.request.timeout.ms': '500',
  'producer.override.max.block.ms': '1500',
  'value.converter': 'poison-converter',
  'value.converter.numbers': '120',
  'errors.tolerance': 'all',
  'errors.deadletterqueue.topic.name': dlq,
  'errors.deadletterqueue.topic.replication.factor': '1',
});

async function feedPoison(trial: Trial): Promise<void> {
  await trial.feed(150);
  await until(
    () => trial.state === 'FAILED',
    () => `the failure.\n${trial.describe()}`,
  );
  expect(await trial.committed()).toBeLessThanOrEqual(120);
}

const refused = {
  kinds: every,
  state: 'FAILED',
  message:
    "A dead letter could not be written to topic '…': … The offset of its record is not committed; the task continues there once the topic can be written to.",
  recovery: 'Make the topic writable and restart the task; the offset has not moved',
  letters: [120],
  doubled: ['source', 'sink'],
  config: poisonLater,
  ownSite: { broker: { autoCreateTopics: false } },
} satisfies Partial<Situation>;

/** Dead letters that cannot be written: the task must not go on without them. */
export const deadLetterSituations: readonly Situation[] = [
  {
    ...refused,
    situation: 'A dead letter is larger than its topic allows',
    config: async (trial) => {
      await trial.createTopic(trial.dlq, { 'max.message.bytes': '50' });
      return poisonLater(trial);
    },
    provoke: feedPoison,
    recover: async (trial) => {
      const resource = { type: 'topic', name: trial.dlq } as const;
      await trial.site.admin.alterConfigs(resource, [{ name: 'max.message.bytes', operation: 'delete' }]);
      await trial.restart();
    },
  },
  {
    ...refused,
    situation: 'The topic of the dead letter queue is deleted, and nobody creates it within `delivery.timeout.ms`',
    provoke: async (trial) => {
      await trial.allArrive();
      await trial.site.admin.deleteTopics([trial.dlq]);
      await feedPoison(trial);
    },
    recover: (trial) => trial.restart(),
  },
  {
    ...refused,
    situation: 'The broker refuses dead letters for `delivery.timeout.ms`',
    provoke: async (trial) => {
      await trial.allArrive();
      trial.site.disk.full = `${trial.dlq}.`;
      await feedPoison(trial);
    },
    recover: async (trial) => {
      trial.site.disk.full = undefined;
      await trial.restart();
    },
  },
];
