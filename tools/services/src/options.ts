import type { ServiceDefinition } from './definition.ts';
import { usageError } from './errors.ts';

export interface ResolvedOptions {
  readonly options: Readonly<Record<string, string>>;
  readonly settings: ReadonlyMap<string, string>;
}

/** Tells the options of a service, completed by their defaults, from settings for the service's own configuration. */
export function resolveOptions(
  name: string,
  definition: ServiceDefinition,
  given: Readonly<Record<string, string>>,
): ResolvedOptions {
  const isOption = (key: string) => Object.hasOwn(definition.options, key);
  const entries = Object.entries(given);
  const settings = new Map(entries.filter(([key]) => !isOption(key)));
  if (definition.settings === undefined && settings.size > 0) {
    const known = Object.keys(definition.options).join(', ') || 'none';
    throw usageError(`${name} has no option ${[...settings.keys()].join(', ')}; it has: ${known}`);
  }
  return {
    options: { ...definition.options, ...Object.fromEntries(entries.filter(([key]) => isOption(key))) },
    settings,
  };
}

/** Reads `KEY=VALUE` words. */
export function parseOptions(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const [, key, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
      if (key === undefined || value === undefined) throw usageError(`not KEY=VALUE: ${word}`);
      return [key, value];
    }),
  );
}
