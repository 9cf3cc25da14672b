import {
  ConfigError,
  type ConfigProblem,
  type ConfigProvider,
  type ConfigProviderPlugin,
  type Logger,
  MillraceError,
  parseConfig,
} from '@millrace/api';
import type { Properties } from './client-settings.ts';
import { ConfigResolver, type ConfigResolverOptions } from './config-resolver.ts';
import { configProviderKeys } from './worker-common-keys.ts';

export interface ConfigProvidersOptions extends Omit<ConfigResolverOptions, 'providers'> {
  /** The worker's: `config.providers`, `config.providers.<alias>.class`, `config.providers.<alias>.param.…`. */
  readonly properties: Properties;
  /** URLs of modules that may export config providers; those of Millrace are there already. */
  readonly modules: readonly string[];
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Makes the providers that the worker's properties name. @throws ConfigError that names everything that is wrong. */
export async function openConfigProviders(options: ConfigProvidersOptions): Promise<ConfigResolver> {
  const { properties, modules, log, signal } = options;
  const { config } = parseConfig({ configProviders: configProviderKeys }, properties);
  const known = config.configProviders.size === 0 ? [] : await loadDefinitions(modules);
  const providers = new Map<string, ConfigProvider>();
  const resolver = new ConfigResolver({ ...options, providers });
  const problems: ConfigProblem[] = [];
  for (const [alias, { className, param }] of config.configProviders) {
    const prefix = `config.providers.${alias}.`;
    const plugin = known.find((one) => namesOf(one).includes(className));
    if (plugin === undefined) {
      const names = known.flatMap(({ java, name }) => java ?? [name]).join(', ');
      const message = `Config provider ${className} of ${prefix}class is not known: install its package. Known are: ${names}`;
      problems.push({ key: `${prefix}class`, message });
      continue;
    }
    try {
      const parsed = parseConfig(plugin.config, Object.fromEntries(param));
      providers.set(alias, await plugin.create({ config: parsed.config, log: log.child({ provider: alias }), signal }));
    } catch (error) {
      problems.push(...problemsOf(error, prefix));
    }
  }
  if (problems.length === 0) return resolver;
  await resolver.close();
  throw new ConfigError(problems);
}

async function loadDefinitions(modules: readonly string[]): Promise<readonly ConfigProviderPlugin[]> {
  const own = await import('../plugin.ts');
  const others = await Promise.all(
    modules.map(async (module) => {
      try {
        return (await import(module)) as object;
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new MillraceError(`The plugins of ${module} could not be loaded: ${reason}`, {
          code: 'PLUGIN_NOT_LOADED',
          cause,
        });
      }
    }),
  );
  return [own, ...others].flatMap((manifest) => Object.values(manifest).filter(isConfigProvider));
}

function isConfigProvider(value: unknown): value is ConfigProviderPlugin {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'config-provider';
}

/** Java's class, the class without its package, that without what all of them end in, and our own name. */
function namesOf({ name, java = [] }: ConfigProviderPlugin): readonly string[] {
  return [
    name,
    ...java.flatMap((className) => {
      const simple = className.slice(className.lastIndexOf('.') + 1);
      return [className, simple, simple.replace(/(?<=.)ConfigProvider$/, '')];
    }),
  ];
}

function problemsOf(error: unknown, prefix: string): readonly ConfigProblem[] {
  const reason = error instanceof Error ? error.message : String(error);
  const found = ConfigError.isInstance(error) ? error.problems : [];
  if (found.length === 0) return [{ key: `${prefix}class`, message: `${prefix}class: ${reason}` }];
  return found.map(({ key, message }) => ({
    key: `${prefix}param.${key}`,
    message: `${prefix}param.${key}: ${message}`,
  }));
}
