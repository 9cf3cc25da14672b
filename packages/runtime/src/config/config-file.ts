import { readFile } from 'node:fs/promises';
import { ConfigError, parseJson } from '@millrace/api';
import { parseProperties } from '@millrace/java';

/** What a configuration file holds: an object of JSON, or the entries of a properties file. */
export type ConfigFile =
  | { readonly kind: 'json'; readonly content: Readonly<Record<string, unknown>> }
  | { readonly kind: 'properties'; readonly content: ReadonlyMap<string, string> };

/** @throws ConfigError that names the file. */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new ConfigError(`File ${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  return parseConfigFile(path, bytes);
}

/** A file whose first character is a brace is JSON, every other one a properties file. @throws ConfigError that names the file. */
export function parseConfigFile(path: string, bytes: Uint8Array): ConfigFile {
  const text = decode(bytes);
  try {
    if (!/^\s*\{/.test(text)) return { kind: 'properties', content: parseProperties(text) };
    return { kind: 'json', content: parseJson(text) as Readonly<Record<string, unknown>> };
  } catch (cause) {
    throw new ConfigError(`File ${path} cannot be understood: ${reasonOf(cause)}`, { cause });
  }
}

/**
 * The texts of a JSON object; numbers and booleans are read as they are written.
 *
 * @throws ConfigError that names the file and every key whose value is none of them.
 */
export function textsOf(path: string, values: object): Readonly<Record<string, string | null>> {
  const problems = Object.entries(values)
    .filter(([, value]) => typeof value === 'object' && value !== null)
    .map(([key]) => ({
      key,
      message: `File ${path}: the value of ${key} must be a text, and is ${Array.isArray(values[key as never]) ? 'a list: separate its items by commas' : 'an object'}`,
    }));
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value === null ? null : String(value)]));
}

/** Java reads properties files as Latin-1; files in UTF-8 mean what they show. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
