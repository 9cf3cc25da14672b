import { expect } from 'vitest';
import type { Situation } from '../support/situation.ts';
import type { Config, Kind, Trial } from '../support/trial.ts';

const every: readonly Kind[] = ['source', 'exactly-once source', 'sink'];

/** Refuses these numbers at each of the stages; one number for each. */
function poisonAt(numbers: readonly (number | string)[]): Config {
  const [transform = '', key = '', value = '', header = ''] = numbers.map(String);
  return {
    transforms: 'p',
    'transforms.p.type': 'poison-transform',
    'transforms.p.numbers': transform,
    'key.converter': 'poison-converter',
    'key.converter.numbers': key,
    'value.converter': 'poison-converter',
    'value.converter.numbers': value,
    'header.converter': 'poison-headers',
    'header.converter.numbers': header,
  };
}

function letters({ dlq }: Trial): Config {
  return {
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': dlq,
    'errors.deadletterqueue.topic.replication.factor': '1',
  };
}

const stages = ['TRANSFORMATION', 'KEY_CONVERTER', 'VALUE_CONVERTER', 'HEADER_CONVERTER'];

const refused: Situation = {
  situation: 'A transform or converter refuses a record, `errors.tolerance=none`',
  kinds: every,
  state: 'FAILED',
  message: 'Tolerance exceeded in error handler: task … failed at stage … in …, record with …: …',
  recovery: 'Correct the configuration or the record, or set `errors.tolerance=all`; restart the task',
  config: poisonAt([20]),
  provoke: async (trial) => {
    for (const [index, stage] of stages.entries()) {
      const number = 20 + 20 * index;
      if (index > 0) await trial.start(poisonAt(stages.map((_, at) => (at === index ? number : ''))));
      await trial.becomes('FAILED', `failed at stage ${stage} in …: ${number} is poison`);
      expect(await trial.committedAhead()).toEqual([]);
    }
  },
  doubled: ['source'],
  recover: (trial) => trial.start(),
};

const poison = [20, 40, 60, 80];

const tolerated: Situation = {
  situation: 'The same, `errors.tolerance=all`',
  kinds: every,
  state: 'RUNNING',
  message: "Error encountered in task …. Executing stage '…' with class '…'",
  recovery: 'None needed; the record is skipped and its offset committed',
  skipped: poison,
  config: { ...poisonAt(poison), 'errors.tolerance': 'all', 'errors.log.enable': 'true' },
};

const lettered: Situation = {
  situation: 'The same, with a dead letter queue',
  kinds: every,
  state: 'RUNNING',
  message: '',
  recovery: 'None needed; the offset moves behind the acknowledged dead letter',
  letters: poison,
  config: (trial) => ({ ...poisonAt(poison), ...letters(trial) }),
};

const misfit: Situation = {
  situation: 'A value does not fit its schema, or cannot be parsed',
  kinds: every,
  state: 'FAILED',
  message: 'failed at stage VALUE_CONVERTER in org.apache.kafka.connect.json.JsonConverter, record with …',
  recovery: 'Correct the record, or set `errors.tolerance=all`; restart the task',
  skipped: [20],
  doubled: ['source'],
  config: async (trial) => {
    if (trial.kind === 'sink') await trial.feed(50, [20]);
    return misfits;
  },
  recover: (trial) => trial.start({ ...misfits, 'errors.tolerance': 'all' }),
};

const misfits = {
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter.schemas.enable': 'false',
  misfits: '20',
};

function notNow(failures: string, timeout: string): Config {
  return {
    ...poisonAt(['', '', 20]),
    'value.converter.failures': failures,
    'errors.retry.timeout': timeout,
  };
}

const retried: Situation = {
  situation: 'A transform or converter throws a RetriableError for less than `errors.retry.timeout`',
  kinds: every,
  state: 'RUNNING',
  message: '',
  recovery: 'None needed; that one call is made again',
  config: notNow('2', '60000'),
};

const retriedInVain: Situation = {
  situation: 'The same, for longer',
  kinds: every,
  state: 'FAILED',
  message: 'Tolerance exceeded in error handler: task … failed at stage … in …, record with …: …',
  recovery: 'See to what the stage needs, or raise `errors.retry.timeout`; restart the task',
  doubled: ['source'],
  config: notNow('1000000', '400'),
  recover: (trial) => trial.start(),
};

/** Milliseconds from the first of so much poison to the commit behind the last. */
async function passOver(trial: Trial, upTo: number): Promise<number> {
  await trial.pause();
  await trial.feed(upTo);
  const began = performance.now();
  await trial.resume();
  await trial.allCommitted();
  return performance.now() - began;
}

const nothingButPoison: Situation = {
  situation: 'Nothing but poison in batch after batch, `errors.tolerance=all`',
  kinds: every,
  state: 'RUNNING',
  message: '',
  recovery: 'None needed; it takes a time in proportion to the number of records',
  skipped: [0],
  prove: async (trial) => {
    await trial.start({ ...poisonAt(['all']), 'errors.tolerance': 'all', batch: '40000' });
    const few = await passOver(trial, 5_000);
    const many = await passOver(trial, 45_000);
    // Eight times as many: eight times as long if it is linear, 64 times if it is quadratic.
    expect(many / few).toBeLessThan(24);
    expect(trial.state).toBe('RUNNING');
    expect(await trial.arrived()).toEqual([]);
    await trial.stop();
  },
};

export const poisonSituations: readonly Situation[] = [
  refused,
  tolerated,
  lettered,
  nothingButPoison,
  misfit,
  retried,
  retriedInVain,
];
