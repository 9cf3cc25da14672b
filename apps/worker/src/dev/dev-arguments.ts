import { parseArguments, portOption } from '../arguments.ts';
import { logFlags } from '../worker/log-options.ts';

const flags = {
  data: { type: 'string' },
  port: { type: 'string' },
  'rest-port': { type: 'string' },
  config: { type: 'string' },
  ...logFlags,
} as const;

export interface DevArguments {
  /** Files with connectors. */
  readonly files: readonly string[];
  readonly data: string;
  /** Of the broker. */
  readonly port: number;
  /** `undefined`: what the worker's properties say, or 8083. */
  readonly restPort: number | undefined;
  /** A file with properties of the worker. */
  readonly config: string | undefined;
  readonly log: { readonly 'log-format'?: string | undefined; readonly 'log-level'?: string | undefined };
}

/** @throws UsageError that says in one line what is wrong. */
export function parseDevArguments(args: readonly string[]): DevArguments {
  const { values, positionals } = parseArguments('dev', args, flags, { positionals: true });
  const restPort = values['rest-port'];
  return {
    files: positionals,
    data: values.data ?? '.millrace',
    port: portOption('--port', values.port, 9092),
    restPort: restPort === undefined ? undefined : portOption('--rest-port', restPort, 0),
    config: values.config,
    log: values,
  };
}
