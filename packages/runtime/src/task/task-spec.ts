import type { RawSettings } from '@millrace/kafka';

export interface TaskId {
  readonly connector: string;
  readonly task: number;
}

/** Where a plugin's definition is found: plain data, so that any host can load it. */
export interface PluginReference {
  /** The name that users and REST know it by: the Java class where it stands for one. */
  readonly className: string;
  readonly version: string;
  /** URL of the module that its manifest names. */
  readonly module: string;
  /** The name of its definition among the module's exports. */
  readonly exportName: string;
}

export interface ConfiguredPlugin {
  readonly plugin: PluginReference;
  /** Its configuration, without a prefix; variables are resolved. */
  readonly config: Readonly<Record<string, string>>;
}

export interface ConfiguredTransform extends ConfiguredPlugin {
  readonly alias: string;
  readonly predicate?: ConfiguredPlugin & { readonly alias: string; readonly negate: boolean };
}

/** With which clients a task reaches Kafka; settings by Java's names, complete. */
export interface TaskClients {
  readonly producer?: RawSettings;
  readonly consumer?: RawSettings;
  readonly admin: RawSettings;
  /** Of the dead letter queue, unless the letters belong to the task's own transaction. */
  readonly deadLetterProducer?: RawSettings;
}

export interface ExactlyOnceSpec {
  readonly transactionalId: string;
  /** The topic that the offsets are written to, inside the transaction. */
  readonly offsetsTopic: string;
}

/** Everything that a task is made of: plain data. Secrets in it are resolved; it is never logged. */
export interface TaskSpec {
  readonly id: TaskId;
  readonly kind: 'source' | 'sink';
  readonly plugin: PluginReference;
  readonly connectorConfig: Readonly<Record<string, string>>;
  /** As the connector made it and as it is stored, variables resolved. */
  readonly taskConfig: Readonly<Record<string, string>>;
  readonly keyConverter: ConfiguredPlugin;
  readonly valueConverter: ConfiguredPlugin;
  readonly headerConverter: ConfiguredPlugin;
  readonly transforms: readonly ConfiguredTransform[];
  readonly clients: TaskClients;
  readonly settings: TaskSettings;
  /** Sources with offsets in transactions; left out: at least once. */
  readonly exactlyOnce?: ExactlyOnceSpec;
  /** A paused task waits before its plugin is opened. */
  readonly targetState: 'started' | 'paused';
}

/** What the worker's configuration says about tasks. */
export interface TaskSettings {
  /** `offset.flush.interval.ms` */
  readonly offsetFlushIntervalMs: number;
  /** `offset.flush.timeout.ms` */
  readonly offsetFlushTimeoutMs: number;
  /** This task's share of `worker.buffer.memory`, in bytes. */
  readonly bufferBytes: number;
  /** `topic.creation.enable` */
  readonly topicCreation: boolean;
}
