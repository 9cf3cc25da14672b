type Settings = Readonly<Record<string, string>>;

export interface ProduceWork {
  readonly does: 'produce';
  readonly settings: Settings;
  readonly topic: string;
  readonly records: number;
  /** A file with a value in each line. */
  readonly values: string;
}

export interface ConsumeWork {
  readonly does: 'consume';
  readonly settings: Settings;
  readonly topic: string;
  readonly partitions: number;
  readonly records: number;
}

export interface IdleWork {
  readonly does: 'idle';
  readonly settings: Settings;
  readonly topic: string;
  readonly partitions: number;
  readonly milliseconds: number;
}

/** What a process of our client is asked to do. */
export type ClientWork = ProduceWork | ConsumeWork | IdleWork;
