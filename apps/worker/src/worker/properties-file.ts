import { parseProperties } from '@millrace/java';
import { InputError, messageOf } from '../command.ts';

/** @throws InputError that names the file and the line. */
export function parsePropertiesFile(path: string, text: string): Record<string, string> {
  try {
    return Object.fromEntries(parseProperties(text));
  } catch (cause) {
    throw new InputError(`${path}: ${messageOf(cause)}`, { cause });
  }
}
