import { ConfigError, type ConfigProblem, type ConfigProvider, type ProvidedConfig, withDeadline } from '@millrace/api';
import { type ConfigVariable, replaceVariables, variablesOf } from './config-variables.ts';

export interface ConfigResolverOptions {
  /** By the aliases of `config.providers`. The resolver closes them. */
  readonly providers: ReadonlyMap<string, ConfigProvider>;
  /** How long a provider may take to answer; 30 seconds when left out. */
  readonly timeoutMs?: number | undefined;
  /** Hears every value before anyone else does, so that it is never printed. */
  readonly hide?: ((secret: string) => void) | undefined;
}

export interface ResolvedConfig<V extends string | null> {
  readonly config: Readonly<Record<string, V>>;
  /** After so many milliseconds something in it may be out of date: with `config.action.reload=restart`, restart then. */
  readonly ttlMs: number | undefined;
  /** What providers have given, for whoever prints something. */
  readonly secrets: readonly string[];
}

/**
 * Puts what providers hold in the place of variables, with the rules of Kafka Connect: several in one value, a path that may
 * be left out, and those that nobody knows stay as they are. What comes out is used and never stored or shown.
 */
export class ConfigResolver {
  readonly #options: ConfigResolverOptions;

  constructor(options: ConfigResolverOptions) {
    this.#options = options;
  }

  /** @throws ConfigError that names every variable that cannot be read, and the keys that it stands in. */
  async resolve<V extends string | null>(
    raw: Readonly<Record<string, V>>,
    signal: AbortSignal,
  ): Promise<ResolvedConfig<V>> {
    const variables = new Map<string, readonly ConfigVariable[]>();
    for (const [key, value] of Object.entries(raw)) {
      const found = value === null ? [] : variablesOf(value).filter(({ provider }) => this.#knows(provider));
      if (found.length > 0) variables.set(key, found);
    }
    if (variables.size === 0) return { config: raw, ttlMs: undefined, secrets: [] };
    const places = await this.#ask(placesOf(variables), signal);
    const secrets = new Set<string>();
    const lookUp = ({ provider, path, key }: ConfigVariable): string | undefined => {
      const data = places.get(nameOf(provider, path))?.data ?? {};
      const found = Object.hasOwn(data, key) ? data[key] : undefined;
      if (found !== undefined && found !== '') secrets.add(found);
      return found;
    };
    const config = Object.fromEntries(
      Object.entries(raw).map(([key, value]) => {
        const found = variables.get(key);
        return [key, value === null || found === undefined ? value : replaceVariables(value, found, lookUp)];
      }),
    ) as Readonly<Record<string, V>>;
    for (const secret of secrets) this.#options.hide?.(secret);
    const lives = [...places.values()].flatMap(({ ttl }) => (ttl !== undefined && ttl >= 0 ? [ttl] : []));
    return { config, ttlMs: lives.length > 0 ? Math.min(...lives) : undefined, secrets: [...secrets] };
  }

  /** Closes the providers. Twice is harmless. */
  async close(): Promise<void> {
    this.#closing ??= Promise.allSettled([...this.#options.providers.values()].map(async (one) => one.close?.()));
    await this.#closing;
  }
  #closing: Promise<unknown> | undefined;

  #knows(provider: string): boolean {
    return this.#options.providers.has(provider);
  }

  async #ask(places: readonly Place[], signal: AbortSignal): Promise<ReadonlyMap<string, ProvidedConfig>> {
    const answers = await Promise.allSettled(places.map((place) => this.#askOne(place, signal)));
    signal.throwIfAborted();
    const problems: ConfigProblem[] = [];
    const given = new Map<string, ProvidedConfig>();
    for (const [index, place] of places.entries()) {
      const answer = answers[index];
      if (answer?.status === 'fulfilled') given.set(nameOf(place.provider, place.path), answer.value);
      else problems.push(...problemsOf(place, answer?.reason));
    }
    if (problems.length > 0) throw new ConfigError(problems);
    return given;
  }

  async #askOne({ provider, path, keys }: Place, signal: AbortSignal): Promise<ProvidedConfig> {
    const waitingFor = `config provider ${provider} to give what ${path || 'it'} holds`;
    return await withDeadline(
      { waitingFor, milliseconds: this.#options.timeoutMs ?? 30_000, signal },
      async (within) => await this.#options.providers.get(provider)!.get(path, keys, within),
    );
  }
}

/** What one call of a provider asks for. */
interface Place {
  readonly provider: string;
  readonly path: string;
  readonly keys: Set<string>;
  /** Of the configuration. */
  readonly usedBy: Set<string>;
}

function placesOf(variables: ReadonlyMap<string, readonly ConfigVariable[]>): readonly Place[] {
  const places = new Map<string, Place>();
  for (const [usedBy, found] of variables) {
    for (const { provider, path, key } of found) {
      const name = nameOf(provider, path);
      const place = places.get(name) ?? { provider, path, keys: new Set(), usedBy: new Set() };
      place.keys.add(key);
      place.usedBy.add(usedBy);
      places.set(name, place);
    }
  }
  return [...places.values()];
}

/** A colon is in neither. */
function nameOf(provider: string, path: string): string {
  return `${provider}:${path}`;
}

function problemsOf({ provider, path, usedBy }: Place, reason: unknown): readonly ConfigProblem[] {
  const what = reason instanceof Error ? reason.message : String(reason);
  const variable = path === '' ? `\${${provider}:…}` : `\${${provider}:${path}:…}`;
  return [...usedBy].map((key) => ({ key, message: `The variable ${variable} in ${key} cannot be resolved: ${what}` }));
}
