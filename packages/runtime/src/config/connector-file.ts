import { ConfigError, type RawConfig } from '@millrace/api';
import { type ConfigFile, parseConfigFile, readConfigFile, textsOf } from './config-file.ts';

export type InitialState = 'RUNNING' | 'PAUSED' | 'STOPPED';

/** A connector that a file describes. */
export interface ConnectorFile {
  readonly name: string;
  /** With the name in it. Variables are not resolved. */
  readonly config: RawConfig;
  /** `undefined`: as usual, which is running. */
  readonly initialState: InitialState | undefined;
}

/**
 * Reads the file of a connector: a map of JSON, what REST takes to create one (`{ name, config, initial_state }`), or a
 * properties file.
 *
 * @throws ConfigError that names the file.
 */
export async function readConnectorFile(path: string): Promise<ConnectorFile> {
  return describe(path, await readConfigFile(path));
}

/** The same from bytes. */
export function parseConnectorFile(path: string, bytes: Uint8Array): ConnectorFile {
  return describe(path, parseConfigFile(path, bytes));
}

/** @throws ConfigError that names every connector of which there are several, with their files. */
export async function readConnectorFiles(paths: readonly string[]): Promise<readonly ConnectorFile[]> {
  const results = await Promise.allSettled(paths.map(readConnectorFile));
  const problems = results.flatMap((result, index) =>
    result.status === 'rejected' ? problemsOf(paths[index] ?? '', result.reason) : [],
  );
  const files = results.flatMap((result, index) =>
    result.status === 'fulfilled' ? [{ path: paths[index] ?? '', file: result.value }] : [],
  );
  for (const [name, same] of Map.groupBy(files, ({ file }) => file.name)) {
    if (same.length < 2) continue;
    const where = same.map(({ path }) => path).join(' and ');
    problems.push({ key: 'name', message: `Several connectors have the name ${name}: ${where}. Give each its own` });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return files.map(({ file }) => file);
}

function describe(path: string, file: ConfigFile): ConnectorFile {
  if (file.kind === 'properties') return flat(path, Object.fromEntries(file.content));
  const { config, ...rest } = file.content;
  const isRequest = typeof config === 'object' && config !== null && !Array.isArray(config);
  return isRequest ? request(path, config, rest) : flat(path, textsOf(path, file.content));
}

function flat(path: string, config: RawConfig): ConnectorFile {
  const name = config['name'];
  if (typeof name !== 'string' || name.trim() === '') {
    throw problem('name', `Connector configuration at '${path}' is missing the mandatory 'name' configuration`);
  }
  return { name, config, initialState: undefined };
}

function request(path: string, values: object, rest: Readonly<Record<string, unknown>>): ConnectorFile {
  const { name, initial_state: state, ...others } = rest;
  const unknown = Object.keys(others);
  if (unknown.length > 0) {
    throw problem(unknown[0] ?? '', `File ${path} has ${unknown.join(', ')} beside name, config and initial_state`);
  }
  const config = textsOf(path, values);
  const inner = config['name'] ?? undefined;
  if (name !== undefined && typeof name !== 'string') throw problem('name', `File ${path}: name must be a text`);
  if (name !== undefined && inner !== undefined && name !== inner) {
    throw problem(
      'name',
      `Connector name configuration in 'config' doesn't match the one specified in 'name' at '${path}': '${inner}' and '${name}'`,
    );
  }
  const described = flat(path, { ...config, ...((name ?? inner) !== undefined && { name: name ?? inner ?? '' }) });
  return { ...described, initialState: initialStateOf(path, state) };
}

function initialStateOf(path: string, state: unknown): InitialState | undefined {
  if (state === undefined || state === null) return undefined;
  const upper = typeof state === 'string' ? state.toUpperCase() : undefined;
  if (upper === 'RUNNING' || upper === 'PAUSED' || upper === 'STOPPED') return upper;
  throw problem(
    'initial_state',
    `File ${path}: initial_state must be RUNNING, PAUSED or STOPPED, and is ${JSON.stringify(state)}`,
  );
}

function problemsOf(path: string, reason: unknown): { readonly key: string; readonly message: string }[] {
  if (ConfigError.isInstance(reason) && reason.problems.length > 0) return [...reason.problems];
  return [{ key: path, message: reason instanceof Error ? reason.message : String(reason) }];
}

function problem(key: string, message: string): ConfigError {
  return new ConfigError([{ key, message }]);
}
