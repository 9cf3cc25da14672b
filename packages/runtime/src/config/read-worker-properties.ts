import { ConfigError, type ConfigProblem } from '@millrace/api';
import type { Properties } from './client-settings.ts';
import { readConfigFile, textsOf } from './config-file.ts';
import type { ConfigResolver } from './config-resolver.ts';
import { variablesOf } from './config-variables.ts';

export interface WorkerPropertySources {
  /** Properties files or JSON; what stands in a later one counts. */
  readonly files: readonly string[];
  /** Its `CONNECT_…` variables count more than all files. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

export interface WorkerProperties {
  readonly properties: Properties;
  /** Where each of them comes from: a file, or a variable of the environment. */
  readonly origins: ReadonlyMap<string, string>;
  /** What config providers have put in; never to be printed. */
  readonly secrets: readonly string[];
}

/** @throws ConfigError that names every file that cannot be read. */
export async function readWorkerProperties({
  files,
  environment = {},
}: WorkerPropertySources): Promise<WorkerProperties> {
  const properties = new Map<string, string>();
  const origins = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  for (const file of files) {
    try {
      for (const [key, value] of await entriesOf(file)) {
        properties.set(key, value);
        origins.set(key, file);
      }
    } catch (error) {
      if (!ConfigError.isInstance(error)) throw error;
      problems.push(...(error.problems.length > 0 ? error.problems : [{ key: file, message: error.message }]));
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  for (const [variable, value] of Object.entries(environment)) {
    const key = keyOfVariable(variable);
    if (key === undefined || value === undefined) continue;
    properties.set(key, value);
    origins.set(key, variable);
  }
  return { properties: Object.fromEntries(properties), origins, secrets: [] };
}

/** Puts in what the worker's config providers hold; not into `plugin.path`, which is read before there are any. */
export async function resolveWorkerProperties(
  { properties, origins }: WorkerProperties,
  resolver: ConfigResolver,
  signal: AbortSignal,
): Promise<WorkerProperties> {
  const { 'plugin.path': pluginPath, ...rest } = properties;
  if (pluginPath !== undefined && variablesOf(pluginPath).length > 0) {
    const message = `${originOf(origins, 'plugin.path')}plugin.path has a variable, and none is resolved in it: write the path itself`;
    throw new ConfigError([{ key: 'plugin.path', message }]);
  }
  const { config, secrets } = await resolver.resolve(rest, signal);
  return {
    properties: { ...config, ...(pluginPath !== undefined && { 'plugin.path': pluginPath }) },
    origins,
    secrets,
  };
}

/** `CONNECT_REST_ADVERTISED_HOST_NAME` stands for `rest.advertised.host.name`; two underscores for a dash, three for one. */
export function keyOfVariable(variable: string): string | undefined {
  if (!/^CONNECT_./.test(variable)) return undefined;
  const marks = ['', '.', '-', '_'];
  return variable
    .slice('CONNECT_'.length)
    .toLowerCase()
    .replace(/_{1,3}/g, (run) => marks[run.length] ?? run);
}

/** Begins a sentence about a key: `worker.properties: `. */
export function originOf(origins: ReadonlyMap<string, string>, key: string): string {
  const origin = origins.get(key);
  return origin === undefined ? '' : `${origin}: `;
}

async function entriesOf(file: string): Promise<Iterable<readonly [string, string]>> {
  const read = await readConfigFile(file);
  if (read.kind === 'properties') return read.content;
  return Object.entries(textsOf(file, read.content)).map(([key, value]) => [key, value ?? ''] as const);
}
