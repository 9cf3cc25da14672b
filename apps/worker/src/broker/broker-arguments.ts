import type { BrokerOptions } from '@millrace/broker';
import { integerOption, parseArguments, portOption } from '../arguments.ts';
import { UsageError } from '../command.ts';

const defaultPort = 9092;

const flags = {
  data: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  'advertised-host': { type: 'string' },
  partitions: { type: 'string' },
  'no-auto-create': { type: 'boolean' },
  'sasl-plain': { type: 'string', multiple: true },
  fsync: { type: 'boolean' },
} as const;

/** @throws UsageError that says in one line what is wrong. */
export function parseBrokerArguments(args: readonly string[]): BrokerOptions {
  const { values } = parseArguments('broker', args, flags);
  const { data, host, partitions } = values;
  if (data === undefined || data === '')
    throw new UsageError('--data DIR is missing: the directory that keeps everything');
  const users = values['sasl-plain']?.map(parseUser);
  const advertisedHost = values['advertised-host'];
  return {
    data,
    port: portOption('--port', values.port, defaultPort),
    ...(host === undefined ? {} : { host }),
    ...(advertisedHost === undefined ? {} : { advertisedHost }),
    ...(partitions === undefined ? {} : { defaultPartitions: integerOption('--partitions', partitions, 1, 10_000) }),
    ...(users === undefined ? {} : { saslPlain: Object.fromEntries(users) }),
    autoCreateTopics: values['no-auto-create'] !== true,
    fsync: values.fsync === true,
  };
}

function parseUser(text: string): [string, string] {
  const colon = text.indexOf(':');
  if (colon < 1) throw new UsageError('--sasl-plain must be USER:PASSWORD');
  return [text.slice(0, colon), text.slice(colon + 1)];
}
