export type Properties = Readonly<Record<string, string>>;

/** A worker in a process of its own, ours or Java's: takes connectors one after another. */
export interface RunningWorker {
  readonly pid: number;
  start(connector: Properties): Promise<void>;
  /** Throws when the connector or its task has failed. */
  check(name: string): Promise<void>;
  /** Milliseconds that the task has spent in commits; `undefined` where the worker does not say. */
  commitMs(name: string): Promise<number | undefined>;
  stop(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface WorkerSettings {
  readonly bootstrap: string;
  readonly exactlyOnce: boolean;
}

/** What both workers are configured with; all else is their default. */
export function workerProperties({ bootstrap, exactlyOnce }: WorkerSettings): Properties {
  return {
    'bootstrap.servers': bootstrap,
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    ...(exactlyOnce && { 'exactly.once.source.support': 'enabled' }),
  };
}
