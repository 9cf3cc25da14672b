import type { Situation } from '../support/situation.ts';

/** Longer than a new thread takes on a busy machine until it answers. */
const unresponsiveMs = 5000;

interface End {
  readonly fault: string;
  readonly situation: string;
  readonly message: string;
}

const ends: readonly End[] = [
  {
    fault: 'exit',
    situation: 'A plugin ends its thread (`process.exit`)',
    message:
      'Task … was lost: The thread of its host has ended by itself, with code …: a plugin may have called process.exit.',
  },
  {
    fault: 'uncaught',
    situation: 'A plugin throws where nobody catches',
    message: 'Task … was lost: The thread of its host has died: …',
  },
  {
    fault: 'spin',
    situation: 'A plugin computes without end',
    message: 'Task … was lost: The host was ended, because a plugin blocked its thread: …it was silent for … ms.',
  },
];

/** A thread that dies takes its tasks along; nothing of them is closed, and the last offsets are not committed. */
const threadEnds = ({ fault, situation, message }: End): Situation => ({
  situation,
  kinds: ['source', 'exactly-once source', 'sink'],
  hosts: ['thread'],
  state: 'FAILED',
  message,
  recovery: 'Restart the task; it gets another thread',
  doubled: ['source', 'sink'],
  ownSite: fault === 'spin' ? { host: { unresponsiveMs } } : {},
  config: { faults: `poll#2=${fault},put#2=${fault}`, 'consumer.override.max.poll.records': '50' },
  recover: (trial) => trial.restart(),
});

export const threadSituations: readonly Situation[] = ends.map(threadEnds);
