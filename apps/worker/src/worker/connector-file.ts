import { readFile } from 'node:fs/promises';
import { parseJson } from '@millrace/api';
import { InputError, messageOf, StartError } from '../command.ts';
import { parsePropertiesFile } from './properties-file.ts';

type InitialState = 'STARTED' | 'PAUSED' | 'STOPPED';

/** A connector as a file describes it. */
export interface ConnectorFile {
  readonly path: string;
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  readonly initialState: InitialState;
}

const initialStates: Readonly<Record<string, InitialState>> = {
  RUNNING: 'STARTED',
  STARTED: 'STARTED',
  PAUSED: 'PAUSED',
  STOPPED: 'STOPPED',
};

/**
 * Reads files with one connector each, as Kafka Connect does: a flat JSON object, the body of `POST /connectors`, or Java
 * properties.
 *
 * @throws StartError that names every file that is wrong, and two that describe the same connector.
 */
export async function readConnectorFiles(paths: readonly string[]): Promise<readonly ConnectorFile[]> {
  const results = await Promise.allSettled(paths.map(readConnectorFile));
  const problems = results.flatMap((result) => (result.status === 'rejected' ? [messageOf(result.reason)] : []));
  const files = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const byName = new Map<string, string>();
  for (const { name, path } of files) {
    const other = byName.get(name);
    if (other !== undefined) {
      problems.push(`${other} and ${path} both describe a connector named "${name}"; give one of them another name`);
    }
    byName.set(name, path);
  }
  if (problems.length > 0) throw new StartError(problems.join('\n'));
  return files;
}

async function readConnectorFile(path: string): Promise<ConnectorFile> {
  const text = await readText(path);
  const isJson = path.endsWith('.json') || text.trimStart().startsWith('{');
  return isJson ? fromJson(path, text) : connectorOf(path, parsePropertiesFile(path, text));
}

/** @throws InputError that says why a file cannot be read. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a directory',
      EACCES: 'this user may not read it',
    };
    throw new InputError(`${path} cannot be read: ${reasons[code ?? ''] ?? messageOf(cause)}`, { cause });
  }
}

function fromJson(path: string, text: string): ConnectorFile {
  let content: unknown;
  try {
    content = parseJson(text);
  } catch (cause) {
    throw new InputError(`${path} is no JSON: ${messageOf(cause)}`, { cause });
  }
  if (!isObject(content)) throw new InputError(`${path} must hold a JSON object, not ${kindOf(content)}`);
  const { name, config, initial_state: state } = content;
  if (!isObject(config)) return connectorOf(path, textsOf(path, content));
  const inner = textsOf(path, config);
  if (typeof name !== 'string') {
    throw new InputError(`${path}: "name" is missing beside "config"; add the name of the connector`);
  }
  if (inner['name'] !== undefined && inner['name'] !== name) {
    throw new InputError(
      `${path}: "name" is "${name}", and "config.name" is "${inner['name']}"; they must be the same`,
    );
  }
  return connectorOf(path, { ...inner, name }, initialStateOf(path, state));
}

function connectorOf(
  path: string,
  config: Readonly<Record<string, string>>,
  initialState: InitialState = 'STARTED',
): ConnectorFile {
  const name = config['name'];
  if (name === undefined || name === '') {
    throw new InputError(`${path}: the key "name" is missing; add the name of the connector`);
  }
  return { path, name, config, initialState };
}

function initialStateOf(path: string, state: unknown): InitialState {
  if (state === undefined || state === null) return 'STARTED';
  const known = typeof state === 'string' ? initialStates[state.toUpperCase()] : undefined;
  if (known !== undefined) return known;
  throw new InputError(`${path}: "initial_state" must be RUNNING, PAUSED or STOPPED, not ${JSON.stringify(state)}`);
}

/** Values are texts; numbers and booleans are taken as the texts that they are written as. */
function textsOf(path: string, content: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(content)) {
    if (value === null) continue;
    if (typeof value === 'object') {
      throw new InputError(`${path}: the value of "${key}" is ${kindOf(value)}; it must be a text in quotes`);
    }
    texts[key] = `${value as string | number | bigint | boolean}`;
  }
  return texts;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  return isObject(value) ? 'an object' : `a ${value === null ? 'null' : typeof value}`;
}
