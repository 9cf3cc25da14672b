import { RequestError } from '../request-error.ts';

/** As in DescribeConfigs: 1 boolean, 2 string, 3 int, 5 long, 6 double, 7 list. */
type ConfigType = 1 | 2 | 3 | 5 | 6 | 7;

interface ConfigKey {
  readonly initial: string;
  readonly type: ConfigType;
  readonly check?: (value: string) => string | undefined;
}

const longest = '9223372036854775807';

const atLeast =
  (least: number) =>
  (value: string): string | undefined =>
    Number(value) >= least ? undefined : `must be at least ${least}`;

const oneOf =
  (...allowed: readonly string[]) =>
  (value: string): string | undefined =>
    allowed.includes(value) ? undefined : `must be one of ${allowed.join(', ')}`;

const cleanupPolicies = new Set(['compact', 'delete']);

function cleanupPolicy(value: string): string | undefined {
  const policies = listOf(value);
  return policies.length > 0 && policies.every((policy) => cleanupPolicies.has(policy))
    ? undefined
    : 'must be compact, delete or both';
}

/** What topics can be configured with. Entries that a single node has no use for are accepted and kept. */
export const topicConfigKeys: ReadonlyMap<string, ConfigKey> = new Map<string, ConfigKey>([
  ['cleanup.policy', { initial: 'delete', type: 7, check: cleanupPolicy }],
  [
    'compression.type',
    {
      initial: 'producer',
      type: 2,
      check: (value) =>
        value === 'producer' ? undefined : 'must be producer: this broker stores batches as they were sent',
    },
  ],
  ['delete.retention.ms', { initial: '86400000', type: 5, check: atLeast(0) }],
  ['file.delete.delay.ms', { initial: '60000', type: 5, check: atLeast(0) }],
  ['flush.messages', { initial: longest, type: 5, check: atLeast(1) }],
  ['flush.ms', { initial: longest, type: 5, check: atLeast(0) }],
  ['index.interval.bytes', { initial: '4096', type: 3, check: atLeast(0) }],
  ['max.compaction.lag.ms', { initial: longest, type: 5, check: atLeast(1) }],
  ['max.message.bytes', { initial: '1048588', type: 3, check: atLeast(0) }],
  ['message.timestamp.after.max.ms', { initial: '3600000', type: 5, check: atLeast(0) }],
  ['message.timestamp.before.max.ms', { initial: longest, type: 5, check: atLeast(0) }],
  ['message.timestamp.type', { initial: 'CreateTime', type: 2, check: oneOf('CreateTime', 'LogAppendTime') }],
  [
    'min.cleanable.dirty.ratio',
    {
      initial: '0.5',
      type: 6,
      check: (value) => (Number(value) >= 0 && Number(value) <= 1 ? undefined : 'must be between 0 and 1'),
    },
  ],
  ['min.compaction.lag.ms', { initial: '0', type: 5, check: atLeast(0) }],
  ['min.insync.replicas', { initial: '1', type: 3, check: atLeast(1) }],
  ['preallocate', { initial: 'false', type: 1 }],
  ['retention.bytes', { initial: '-1', type: 5, check: atLeast(-1) }],
  ['retention.ms', { initial: '604800000', type: 5, check: atLeast(-1) }],
  ['segment.bytes', { initial: '67108864', type: 3, check: atLeast(1024) }],
  ['segment.index.bytes', { initial: '10485760', type: 3, check: atLeast(4) }],
  ['segment.jitter.ms', { initial: '0', type: 5, check: atLeast(0) }],
  ['segment.ms', { initial: '604800000', type: 5, check: atLeast(1) }],
  ['unclean.leader.election.enable', { initial: 'false', type: 1 }],
]);

/** Configuration of a topic: what was set, and what holds. */
export class TopicConfig {
  readonly overrides: ReadonlyMap<string, string>;
  readonly compact: boolean;
  readonly delete: boolean;
  readonly deleteRetentionMs: number;
  readonly maxMessageBytes: number;
  readonly timestampAfterMaxMs: number;
  readonly timestampBeforeMaxMs: number;
  readonly logAppendTime: boolean;
  readonly minCleanableDirtyRatio: number;
  readonly minCompactionLagMs: number;
  readonly maxCompactionLagMs: number;
  /** -1: for ever, of any size. */
  readonly retentionBytes: number;
  readonly retentionMs: number;
  readonly segmentBytes: number;
  readonly segmentMs: number;

  /** @throws RequestError INVALID_CONFIG, naming everything that is wrong. */
  constructor(overrides: Iterable<readonly [string, string]> = []) {
    this.overrides = new Map(overrides);
    const problems = [...this.overrides].flatMap(([name, value]) => problemsOf(name, value));
    if (problems.length > 0) throw new RequestError('INVALID_CONFIG', problems.join(' '));
    const policies = listOf(this.value('cleanup.policy'));
    this.compact = policies.includes('compact');
    this.delete = policies.includes('delete');
    this.deleteRetentionMs = this.#number('delete.retention.ms');
    this.maxMessageBytes = this.#number('max.message.bytes');
    this.timestampAfterMaxMs = this.#number('message.timestamp.after.max.ms');
    this.timestampBeforeMaxMs = this.#number('message.timestamp.before.max.ms');
    this.logAppendTime = this.value('message.timestamp.type') === 'LogAppendTime';
    this.minCleanableDirtyRatio = this.#number('min.cleanable.dirty.ratio');
    this.minCompactionLagMs = this.#number('min.compaction.lag.ms');
    this.maxCompactionLagMs = this.#number('max.compaction.lag.ms');
    this.retentionBytes = this.#number('retention.bytes');
    this.retentionMs = this.#number('retention.ms');
    this.segmentBytes = this.#number('segment.bytes');
    this.segmentMs = this.#number('segment.ms');
  }

  value(name: string): string {
    return this.overrides.get(name) ?? topicConfigKeys.get(name)?.initial ?? '';
  }

  #number(name: string): number {
    return Number(this.value(name));
  }
}

/** One change of a configuration, as IncrementalAlterConfigs numbers them. */
export interface ConfigChange {
  readonly name: string;
  readonly operation: number;
  readonly value: string | null;
}

/** The configuration after some changes. */
export function changeConfig(config: TopicConfig, changes: readonly ConfigChange[]): TopicConfig {
  const overrides = new Map(config.overrides);
  for (const { name, operation, value } of changes) {
    if (!topicConfigKeys.has(name)) throw new RequestError('INVALID_CONFIG', `Unknown topic config name: ${name}.`);
    if (operation === 1) {
      overrides.delete(name);
      continue;
    }
    if (value === null) throw new RequestError('INVALID_REQUEST', `${name}: a value is needed; null is none.`);
    if (operation === 0) overrides.set(name, value);
    else if (topicConfigKeys.get(name)?.type !== 7 || (operation !== 2 && operation !== 3)) {
      throw new RequestError('INVALID_CONFIG', `${name}: operation ${operation} is not possible for this entry.`);
    } else {
      const items = new Set(listOf(overrides.get(name) ?? config.value(name)));
      for (const item of listOf(value)) {
        if (operation === 2) items.add(item);
        else items.delete(item);
      }
      overrides.set(name, [...items].join(','));
    }
  }
  return new TopicConfig(overrides);
}

function problemsOf(name: string, value: string): string[] {
  const key = topicConfigKeys.get(name);
  if (key === undefined) return [`Unknown topic config name: ${name}.`];
  const problem = typeProblem(key.type, value) ?? key.check?.(value);
  return problem === undefined ? [] : [`Invalid value ${value} for configuration ${name}: it ${problem}.`];
}

function typeProblem(type: ConfigType, value: string): string | undefined {
  if (type === 1) return oneOf('true', 'false')(value);
  if (type === 6) return value.trim() !== '' && Number.isFinite(Number(value)) ? undefined : 'must be a number';
  if (type !== 3 && type !== 5) return undefined;
  if (!/^[+-]?\d{1,19}$/.test(value.trim())) return 'must be an integer';
  const limit = type === 3 ? 0x7fff_ffffn : BigInt(longest);
  const number = BigInt(value.trim());
  return number <= limit && number >= -limit - 1n ? undefined : 'is out of range';
}

function listOf(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
