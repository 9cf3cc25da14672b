import { ConfigError, type ConfigProblem } from '@millrace/api';
import { compileJavaRegex, type JavaRegex } from '@millrace/java';
import type { NewTopic } from '@millrace/kafka';
import type { SourceConnectorConfig } from '../config/connector-config.ts';

/** How topics are created whose names match. */
export interface TopicGroup {
  readonly name: string;
  readonly include: readonly JavaRegex[];
  readonly exclude: readonly JavaRegex[];
  /** -1: the broker's default. */
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, string>>;
}

const groupKeys = ['include', 'exclude', 'partitions', 'replication.factor'];

/**
 * The groups of `topic.creation.*`, the default one last; none where the connector has no such key.
 *
 * @throws ConfigError that names every problem.
 */
export function topicGroups(
  config: Pick<SourceConnectorConfig, 'topicCreationGroups' | 'topicCreation'>,
): TopicGroup[] {
  const raw = config.topicCreation;
  if (raw.size === 0 && config.topicCreationGroups.length === 0) return [];
  const problems: ConfigProblem[] = [];
  const names = [...config.topicCreationGroups.filter((name) => name !== 'default'), 'default'];
  const groups = names.map((name) => readGroup(name, raw, problems));
  if (problems.length > 0) throw new ConfigError(problems);
  return groups;
}

/** The first group that the topic belongs to. */
export function groupOf(topic: string, groups: readonly TopicGroup[]): TopicGroup | undefined {
  return groups.find(
    ({ name, include, exclude }) =>
      name === 'default' ||
      (include.some((regex) => regex.matches(topic)) && !exclude.some((regex) => regex.matches(topic))),
  );
}

export function newTopic(topic: string, { partitions, replicationFactor, configs }: TopicGroup): NewTopic {
  return {
    name: topic,
    ...(partitions === -1 ? {} : { partitions }),
    ...(replicationFactor === -1 ? {} : { replicationFactor }),
    configs,
  };
}

function readGroup(name: string, raw: ReadonlyMap<string, string>, problems: ConfigProblem[]): TopicGroup {
  const prefix = `${name}.`;
  const text = (key: string): string | undefined => raw.get(prefix + key);
  const refuse = (key: string, message: string): void => {
    problems.push({ key: `topic.creation.${prefix}${key}`, message: `topic.creation.${prefix}${key} ${message}` });
  };
  const integer = (key: string): number => {
    const value = text(key) ?? raw.get(`default.${key}`);
    if (value === undefined) {
      if (name === 'default')
        refuse(key, 'must be set where topics are created: a number, or -1 for the default of the broker.');
      return -1;
    }
    const number = /^[+-]?\d+$/.test(value.trim()) ? Number(value) : Number.NaN;
    if (number === -1 || (number > 0 && number <= 0x7fffffff)) return number;
    if (text(key) !== undefined)
      refuse(key, `is ${JSON.stringify(value)}; it must be larger than 0, or -1 for the default of the broker.`);
    return -1;
  };
  const regexes = (key: string): JavaRegex[] =>
    (text(key) ?? '')
      .split(',')
      .map((pattern) => pattern.trim())
      .filter((pattern) => pattern !== '')
      .flatMap((pattern) => {
        try {
          return [compileJavaRegex(pattern)];
        } catch (error) {
          refuse(key, `holds ${JSON.stringify(pattern)}, which cannot be used: ${(error as Error).message}`);
          return [];
        }
      });
  const configs = [...raw]
    .filter(([key]) => key.startsWith(prefix) && !groupKeys.includes(key.slice(prefix.length)))
    .map(([key, value]) => [key.slice(prefix.length), value] as const);
  return {
    name,
    include: name === 'default' ? [] : regexes('include'),
    exclude: name === 'default' ? [] : regexes('exclude'),
    partitions: integer('partitions'),
    replicationFactor: integer('replication.factor'),
    configs: Object.fromEntries(configs),
  };
}
