import { ConfigError } from '@millrace/api';
import type { Properties } from '../config/client-settings.ts';
import type { TaskSettings } from '../task/task-spec.ts';

/** What the worker's properties say about connectors and tasks. */
export interface WorkerConfig {
  readonly properties: Properties;
  readonly groupId: string;
  readonly offsetsTopic: string;
  /** `exactly.once.source.support=enabled` */
  readonly exactlyOnce: boolean;
  readonly taskSettings: TaskSettings;
  /** `task.shutdown.graceful.timeout.ms` */
  readonly stopMs: number;
}

const mebibyte = 1024 * 1024;

/** Reads the few properties that tasks depend on, with Kafka Connect's defaults. @throws ConfigError that names every problem. */
export function readWorkerConfig(properties: Properties): WorkerConfig {
  const problems: { readonly key: string; readonly message: string }[] = [];
  const milliseconds = (key: string, otherwise: number): number => {
    const text = properties[key];
    if (text === undefined) return otherwise;
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value)) return value;
    problems.push({ key, message: `Invalid value ${text} for configuration ${key}: Not a number of type LONG` });
    return otherwise;
  };
  const config: WorkerConfig = {
    properties,
    groupId: properties['group.id'] ?? 'connect-cluster',
    offsetsTopic: properties['offset.storage.topic'] ?? 'connect-offsets',
    exactlyOnce: properties['exactly.once.source.support']?.toLowerCase() === 'enabled',
    taskSettings: {
      offsetFlushIntervalMs: milliseconds('offset.flush.interval.ms', 60_000),
      offsetFlushTimeoutMs: milliseconds('offset.flush.timeout.ms', 5000),
      bufferBytes: 24 * mebibyte,
      topicCreation: properties['topic.creation.enable']?.toLowerCase() !== 'false',
    },
    stopMs: milliseconds('task.shutdown.graceful.timeout.ms', 5000),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}
