/** What a path holds, and for how long that is true. */
export interface ProvidedConfig {
  readonly data: Readonly<Record<string, string>>;
  /** Milliseconds after which the connector should be restarted with what the path holds then. */
  readonly ttl?: number;
}

/** Resolves `${provider:path:key}` in configurations. What it gives is secret: it is never logged or answered. */
export interface ConfigProvider {
  /** All keys of the path, or just those. A key that is not there is left out. */
  get(path: string, keys: ReadonlySet<string> | undefined, signal: AbortSignal): Promise<ProvidedConfig>;
  close?(): Promise<void> | void;
}
