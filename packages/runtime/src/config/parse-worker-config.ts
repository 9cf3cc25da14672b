import { ConfigError, type ConfigKeys, type ConfigOf, type ConfigProblem, parseConfig } from '@millrace/api';
import { overridePolicy } from './override-policy.ts';
import { originOf, type WorkerProperties } from './read-worker-properties.ts';
import type { CommonWorkerKeys } from './worker-common-keys.ts';
import { saslKeys, tlsKeys, transportKeys } from './worker-connection-keys.ts';
import {
  type DistributedWorkerConfig,
  distributedWorkerKeys,
  type StandaloneWorkerConfig,
  standaloneWorkerKeys,
} from './worker-keys.ts';
import { isWithoutEffect, passedOnNames, withoutEffect } from './worker-known-names.ts';

export interface ParsedWorkerConfig<C> {
  readonly config: C;
  /** Sentences for the log. */
  readonly warnings: readonly string[];
}

/** @throws ConfigError that names everything that is wrong, with the file or variable that it stands in. */
export function parseStandaloneConfig(read: WorkerProperties): ParsedWorkerConfig<StandaloneWorkerConfig> {
  return parse(
    standaloneWorkerKeys,
    read,
    Object.keys(distributedWorkerKeys).flatMap(namesIn(distributedWorkerKeys)),
    [],
  );
}

/** @throws ConfigError that names everything that is wrong, with the file or variable that it stands in. */
export function parseDistributedConfig(read: WorkerProperties): ParsedWorkerConfig<DistributedWorkerConfig> {
  const others = ['offset.storage.file.filename'];
  return parse(distributedWorkerKeys, read, others, checkDistributed(read));
}

function parse<K extends CommonWorkerKeys & ConfigKeys>(
  keys: K,
  { properties, origins, secrets }: WorkerProperties,
  otherMode: readonly string[],
  checks: readonly ConfigProblem[],
): ParsedWorkerConfig<ConfigOf<K>> {
  const problems: ConfigProblem[] = [...checks];
  const connection = { ...tlsKeys, ...saslKeys, ...transportKeys };
  const known = [...Object.keys(connection), ...passedOnNames, ...otherMode];
  const parsed = attempt(keys, properties, problems, known);
  attempt(connection, properties, problems);
  problems.push(...checkCommon(properties));
  if (parsed === undefined || problems.length > 0) {
    throw new ConfigError(
      // What else is wrong with a value that was not understood says nothing new.
      [...Map.groupBy(problems, ({ key }) => key).values()]
        .flatMap(([first]) => first ?? [])
        .map(({ key, message }) => ({ key, message: withoutSecrets(originOf(origins, key) + message, secrets) })),
    );
  }
  const without = Object.entries(properties).flatMap(([name, value]) => withoutEffect(name, value) ?? []);
  const warnings = [...parsed.warnings, ...unknownKeys(keys, properties, known, parsed.warnings), ...without];
  return { config: parsed.config, warnings: warnings.map((warning) => withOrigin(warning, properties, origins)) };
}

function attempt<K extends ConfigKeys>(
  keys: K,
  properties: Readonly<Record<string, string>>,
  problems: ConfigProblem[],
  known?: readonly string[],
): ParsedWorkerConfig<ConfigOf<K>> | undefined {
  try {
    return parseConfig(keys, properties, known === undefined ? {} : { suggest: { known } });
  } catch (error) {
    if (!ConfigError.isInstance(error)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

/** What would be passed over although the user relies on it. */
function checkCommon(properties: Readonly<Record<string, string>>): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const extensions = properties['rest.extension.classes']?.trim() ?? '';
  if (extensions !== '') {
    const key = 'rest.extension.classes';
    const message = `${key} names ${extensions}, which only a JVM can load. REST would be open without what it does: take the key out, and guard REST in front of the worker`;
    problems.push({ key, message });
  }
  try {
    const policy = properties['connector.client.config.override.policy']?.trim();
    if (policy !== undefined) overridePolicy(policy, []);
  } catch (error) {
    if (!ConfigError.isInstance(error)) throw error;
    problems.push(...error.problems);
  }
  return problems;
}

function checkDistributed({ properties }: WorkerProperties): readonly ConfigProblem[] {
  const algorithm = properties['inter.worker.signature.algorithm']?.trim() ?? 'HmacSHA256';
  const key = 'inter.worker.verification.algorithms';
  const accepted = (properties[key] ?? 'HmacSHA256').split(',').map((one) => one.trim().toLowerCase());
  if (accepted.includes(algorithm.toLowerCase())) return [];
  return [{ key, message: `${key} must contain ${algorithm}, which inter.worker.signature.algorithm says` }];
}

function unknownKeys(
  keys: ConfigKeys,
  properties: Readonly<Record<string, string>>,
  known: readonly string[],
  said: readonly string[],
): readonly string[] {
  const all = [...Object.keys(keys).flatMap(namesIn(keys)), ...known];
  const names = new Set(all);
  const prefixes = all.filter((name) => name.endsWith('.'));
  return Object.keys(properties)
    .filter((name) => !names.has(name) && !prefixes.some((prefix) => name.startsWith(prefix)) && !isWithoutEffect(name))
    .filter((name) => !said.some((warning) => warning.startsWith(`Unknown key ${name}:`)))
    .map((name) => `Unknown key ${name}: nothing in this worker reads it.`);
}

/** The names of one entry: of a key, or a prefix. */
function namesIn(keys: ConfigKeys): (property: string) => readonly string[] {
  return (property) => {
    const entry = keys[property];
    if (entry === undefined) return [];
    if (entry.kind === 'key') return [entry.name];
    return entry.kind === 'prefixed' ? [entry.prefix] : [entry.list.name, entry.prefix];
  };
}

function withOrigin(
  warning: string,
  properties: Readonly<Record<string, string>>,
  origins: ReadonlyMap<string, string>,
): string {
  const key = warning.split(/[\s:]/).find((word) => Object.hasOwn(properties, word));
  return key === undefined ? warning : originOf(origins, key) + warning;
}

/** Short ones only where they stand alone: they are in every second word. */
function withoutSecrets(message: string, secrets: readonly string[]): string {
  return secrets
    .toSorted((a, b) => b.length - a.length)
    .flatMap((secret) => [secret, secret.trim()])
    .filter((secret) => secret !== '')
    .reduce((text, secret) => {
      const literal = secret.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
      return text.replace(new RegExp(secret.length < 4 ? `(?<!\\w)${literal}(?!\\w)` : literal, 'g'), '[hidden]');
    }, message);
}
