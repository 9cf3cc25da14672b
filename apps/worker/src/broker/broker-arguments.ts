import { parseArgs } from 'node:util';
import type { BrokerOptions } from '@millrace/broker';
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
  const values = parse(args);
  const { data, host, partitions } = values;
  if (data === undefined || data === '')
    throw new UsageError('--data DIR is missing: the directory that keeps everything');
  const users = values['sasl-plain']?.map(parseUser);
  const advertisedHost = values['advertised-host'];
  return {
    data,
    port: values.port === undefined ? defaultPort : integer('--port', values.port, 0, 65_535),
    ...(host === undefined ? {} : { host }),
    ...(advertisedHost === undefined ? {} : { advertisedHost }),
    ...(partitions === undefined ? {} : { defaultPartitions: integer('--partitions', partitions, 1, 10_000) }),
    ...(users === undefined ? {} : { saslPlain: Object.fromEntries(users) }),
    autoCreateTopics: values['no-auto-create'] !== true,
    fsync: values.fsync === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const [firstSentence] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new UsageError(`${firstSentence}; "millrace broker --help" lists the options`, { cause: error });
  }
}

function integer(flag: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${flag} is "${text}", not a number from ${least} to ${most}`);
}

function parseUser(text: string): [string, string] {
  const colon = text.indexOf(':');
  if (colon < 1) throw new UsageError('--sasl-plain must be USER:PASSWORD');
  return [text.slice(0, colon), text.slice(colon + 1)];
}
