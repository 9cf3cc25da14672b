import {
  ConfigError,
  type ConfigKeys,
  type ConnectRecord,
  parseConfig,
  Schema,
  SinkRecord,
  type SinkRecordInit,
  SourceRecord,
  type SourceRecordInit,
  silentLogger,
  type Transform,
  type TransformPlugin,
} from '@millrace/api';

/** A transform as a worker makes it, which throws when it changes a record that it gets. */
export async function make<K extends ConfigKeys>(
  plugin: TransformPlugin<K>,
  raw: Readonly<Record<string, string>> = {},
): Promise<<R extends ConnectRecord>(record: R) => R | null> {
  const { config } = parseConfig(plugin.config, raw);
  const problems = plugin.validate?.(config) ?? [];
  if (problems.length > 0) throw new ConfigError(problems);
  const transform: Transform = await plugin.create({
    config,
    log: silentLogger,
    signal: new AbortController().signal,
  });
  return (record) => transform.apply(deepFreeze(record), undefined);
}

/** The keys and messages of what is wrong with a configuration. */
export async function problemsOf<K extends ConfigKeys>(
  plugin: TransformPlugin<K>,
  raw: Readonly<Record<string, string>>,
): Promise<readonly (readonly [key: string, message: string])[]> {
  try {
    await make(plugin, raw);
  } catch (error) {
    if (ConfigError.isInstance(error)) return error.problems.map(({ key, message }) => [key, message] as const);
    throw error;
  }
  return [];
}

export function sourceRecord(init: Partial<SourceRecordInit> = {}): SourceRecord {
  return new SourceRecord({ topic: 'orders', ...init });
}

export function sinkRecord(init: Partial<SinkRecordInit> = {}): SinkRecord {
  return new SinkRecord({ topic: 'orders', partition: 3, offset: 42, ...init });
}

/** Bytes cannot be frozen, nor what a Map holds. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Schema.isInstance(value) || value instanceof Uint8Array) return value;
  for (const inner of value instanceof Map ? value.values() : Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
