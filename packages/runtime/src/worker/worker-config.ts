import { parseConfig } from '@millrace/api';
import type { Properties } from '../config/client-settings.ts';
import { commonWorkerKeys } from '../config/worker-common-keys.ts';
import { distributedOnlyKeys } from '../config/worker-distributed-keys.ts';
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
  /** `task.host.unresponsive.ms` */
  readonly hostUnresponsiveMs: number;
}

/** What tasks depend on; the other keys are read by those who open the worker. */
const keys = {
  exactlyOnceSourceSupport: distributedOnlyKeys.exactlyOnceSourceSupport,
  offsetFlushIntervalMs: commonWorkerKeys.offsetFlushIntervalMs,
  offsetFlushTimeoutMs: commonWorkerKeys.offsetFlushTimeoutMs,
  taskHostUnresponsiveMs: commonWorkerKeys.taskHostUnresponsiveMs,
  taskShutdownGracefulTimeoutMs: commonWorkerKeys.taskShutdownGracefulTimeoutMs,
  topicCreationEnable: commonWorkerKeys.topicCreationEnable,
  workerBufferMemory: commonWorkerKeys.workerBufferMemory,
};

/** Reads the few properties that tasks depend on, with Kafka Connect's defaults. @throws ConfigError that names every problem. */
export function readWorkerConfig(properties: Properties): WorkerConfig {
  const { config } = parseConfig(keys, properties);
  return {
    properties,
    groupId: properties['group.id'] ?? 'connect-cluster',
    offsetsTopic: properties['offset.storage.topic'] ?? 'connect-offsets',
    exactlyOnce: config.exactlyOnceSourceSupport === 'enabled',
    taskSettings: {
      offsetFlushIntervalMs: config.offsetFlushIntervalMs,
      offsetFlushTimeoutMs: config.offsetFlushTimeoutMs,
      bufferBytes: Math.floor(config.workerBufferMemory / 4),
      topicCreation: config.topicCreationEnable,
    },
    stopMs: config.taskShutdownGracefulTimeoutMs,
    hostUnresponsiveMs: config.taskHostUnresponsiveMs,
  };
}
