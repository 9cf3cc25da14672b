import {
  ConfigError,
  type ConfigKeys,
  type ConfigOf,
  type ConfigProblem,
  type Logger,
  parseConfig,
} from '@millrace/api';

interface Configurable<K extends ConfigKeys> {
  readonly config: K;
  readonly validate?: (config: ConfigOf<K>) => readonly ConfigProblem[];
}

/** Reads configurations of several plugins and collects what is wrong with them, so that every problem is told at once. */
export class PluginConfigs {
  readonly #problems: ConfigProblem[] = [];
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** The typed configuration; anything when there are problems, for then {@link refuse} throws. */
  read<K extends ConfigKeys>(
    { config: keys, validate }: Configurable<K>,
    raw: Readonly<Record<string, string>>,
    prefix: string,
  ): ConfigOf<K> {
    try {
      const { config, warnings } = parseConfig(keys, raw);
      for (const warning of warnings) this.#log.warn(`${prefix}${warning}`);
      this.#add(validate?.(config) ?? [], prefix);
      return config;
    } catch (error) {
      if (!ConfigError.isInstance(error)) throw error;
      this.#add(error.problems.length > 0 ? error.problems : [{ key: '', message: error.message }], prefix);
      return {} as ConfigOf<K>;
    }
  }

  /** @throws ConfigError that names every problem so far. */
  refuse(): void {
    if (this.#problems.length > 0) throw new ConfigError(this.#problems);
  }

  #add(problems: readonly ConfigProblem[], prefix: string): void {
    for (const { key, message } of problems) {
      this.#problems.push({ key: prefix + key, message: `${prefix}${key}: ${message}` });
    }
  }
}
