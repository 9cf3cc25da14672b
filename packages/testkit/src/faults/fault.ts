import { type ConfigKey, custom } from '@millrace/api';

const calls = [
  'open',
  'poll',
  'commit',
  'committed',
  'put',
  'flush',
  'preCommit',
  'partitionsAssigned',
  'partitionsRevoked',
  'close',
] as const;

/** What the runtime calls of a task. */
export type TaskCall = (typeof calls)[number];

const kinds = ['fail', 'retriable', 'data', 'hang', 'delay', 'kill'] as const;

/** One thing that goes wrong. As a text: `put#3=retriable`, `poll#*=delay:20`, `flush#1=kill-after`. */
export interface Fault {
  readonly text: string;
  readonly call: TaskCall;
  /** From 1 on; left out: every time. */
  readonly nth?: number;
  /**
   * `fail`: an error that ends the task; `retriable`, `data`: a RetriableError, a DataError; `hang`: never returns, whatever its
   * signal says; `delay`: takes longer; `kill`: SIGKILL to the process.
   */
  readonly kind: (typeof kinds)[number];
  readonly delayMs: number;
  /** The call is made first, and then it goes wrong: what it did, it has done. */
  readonly after: boolean;
}

const pattern = /^(?<call>\w+)#(?<nth>\*|[1-9]\d*)=(?<kind>[a-z]+)(?::(?<delay>\d+))?(?<after>-after)?$/;

/** @throws RangeError that says how a fault is written */
export function parseFault(text: string): Fault {
  const { call, nth, kind, delay, after } = pattern.exec(text.trim())?.groups ?? {};
  const knownCall = calls.find((known) => known === call);
  const knownKind = kinds.find((known) => known === kind);
  if (knownCall === undefined || knownKind === undefined || (knownKind === 'delay') !== (delay !== undefined)) {
    throw new RangeError(
      `${text} is no fault. It is written as call#n=kind, such as put#3=retriable, poll#*=delay:20 or flush#1=kill-after; calls: ${calls.join(', ')}; kinds: ${kinds.join(', ')}.`,
    );
  }
  return {
    text: text.trim(),
    call: knownCall,
    ...(nth !== '*' && { nth: Number(nth) }),
    kind: knownKind,
    delayMs: Number(delay ?? 0),
    after: after !== undefined,
  };
}

/** The key of a configuration that names faults, with commas between them. */
export const faultsKey: ConfigKey<readonly Fault[]> = custom('faults', {
  doc: 'What goes wrong, and when: `put#3=retriable,poll#*=delay:20,flush#1=kill-after`.',
  default: '',
  schema: {
    '~standard': {
      version: 1,
      vendor: 'millrace',
      validate: (text) => {
        try {
          return { value: parseFaults(String(text)) };
        } catch (error) {
          return { issues: [{ message: error instanceof Error ? error.message : String(error) }] };
        }
      },
    },
  },
});

export function parseFaults(text: string): readonly Fault[] {
  return text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(parseFault);
}
