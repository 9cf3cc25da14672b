import { ConfigError, type ConfigOf, type ConfigProblem, parseConfig, type RawConfig } from '@millrace/api';
import type { CommonConnectorKeys } from './common-connector-keys.ts';
import { type SinkConnectorKeys, sinkConnectorKeys } from './sink-connector-keys.ts';
import { type SourceConnectorKeys, sourceConnectorKeys } from './source-connector-keys.ts';

export { commonConnectorKeys } from './common-connector-keys.ts';
export { sinkConnectorKeys } from './sink-connector-keys.ts';
export { sourceConnectorKeys } from './source-connector-keys.ts';

export type CommonConnectorConfig = ConfigOf<CommonConnectorKeys>;
export type SourceConnectorConfig = ConfigOf<SourceConnectorKeys>;
export type SinkConnectorConfig = ConfigOf<SinkConnectorKeys>;

/** What the worker itself reads in the configuration of a source. @throws ConfigError that names every problem. */
export function parseSourceConnectorConfig(raw: RawConfig): SourceConnectorConfig {
  const { config } = parseConfig(sourceConnectorKeys, raw);
  refuse(checkCommonConnector(config, raw));
  return config;
}

/** What the worker itself reads in the configuration of a sink. @throws ConfigError that names every problem. */
export function parseSinkConnectorConfig(raw: RawConfig): SinkConnectorConfig {
  const { config } = parseConfig(sinkConnectorKeys, raw);
  refuse([...checkCommonConnector(config, raw), ...checkSinkConnector(config)]);
  return config;
}

/** What single keys cannot say, in Java's words. */
export function checkCommonConnector({ transforms }: CommonConnectorConfig, raw: RawConfig): readonly ConfigProblem[] {
  return [...transforms]
    .filter(([alias, { predicate }]) => predicate === null && typeof raw[`transforms.${alias}.negate`] === 'string')
    .map(([alias]) => ({
      key: `transforms.${alias}.type`,
      message: `Config 'transforms.${alias}.negate' was provided but there is no config 'transforms.${alias}.predicate' defining a predicate to be negated.`,
    }));
}

/** What single keys of a sink cannot say, in Java's words. */
export function checkSinkConnector(config: SinkConnectorConfig): readonly ConfigProblem[] {
  const { topics, topicsRegex, errorsDeadletterqueueTopicName: letters } = config;
  const listed = topics.length > 0;
  const matched = topicsRegex.pattern !== '';
  const problems: ConfigProblem[] = [];
  if (listed === matched) {
    const message = listed
      ? 'topics and topics.regex are mutually exclusive options, but both are set.'
      : 'Must configure one of topics or topics.regex';
    problems.push({ key: 'topics', message }, { key: 'topics.regex', message });
  }
  if (letters !== '' && topics.includes(letters)) {
    const message = `The DLQ topic '${letters}' may not be included in the list of topics ('topics=[${topics.join(', ')}]') consumed by the connector`;
    problems.push({ key: 'topics', message });
  }
  if (letters !== '' && matched && topicsRegex.matches(letters)) {
    const message = `The DLQ topic '${letters}' may not be matched by the regex for the topics ('topics.regex=${topicsRegex.pattern}') consumed by the connector`;
    problems.push({ key: 'topics.regex', message });
  }
  return problems;
}

function refuse(problems: readonly ConfigProblem[]): void {
  if (problems.length > 0) throw new ConfigError(problems);
}
