import { type ConfigKey, oneOf, string } from '@millrace/api';
import { type Fault, faultsKey } from './fault.ts';

/** Beside them a configuration has the keys of the connector that goes wrong. */
export const faultyConfig: {
  readonly faults: ConfigKey<readonly Fault[]>;
  readonly module: ConfigKey<string>;
  readonly export: ConfigKey<string>;
  readonly marks: ConfigKey<string | null>;
} = {
  faults: faultsKey,
  module: string('faulty.module', {
    doc: 'URL of the module that exports the connector which goes wrong.',
    importance: 'high',
    nonEmpty: true,
  }),
  export: string('faulty.export', {
    doc: 'The name of the connector among the exports.',
    importance: 'high',
    nonEmpty: true,
  }),
  marks: string('faulty.marks', {
    doc: 'A directory in which each fault leaves a mark, so that it happens once, however often the task is started. Left out: each start counts anew.',
    default: null,
  }),
};

export const faultySourceConfig: typeof faultyConfig & {
  readonly exactlyOnce: ConfigKey<'supported' | 'unsupported'>;
} = {
  ...faultyConfig,
  exactlyOnce: oneOf('faulty.exactly.once', ['supported', 'unsupported'], {
    doc: 'What the connector says of exactly-once.',
    default: 'unsupported',
  }),
};
