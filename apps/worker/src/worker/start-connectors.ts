import { type ConfigInfosJson, MillraceError } from '@millrace/api';
import type { Herder } from '@millrace/runtime';
import { messageOf, StartError } from '../command.ts';
import type { ConnectorFile } from './connector-file.ts';

export interface ConnectorStart {
  readonly herder: Herder;
  /** Takes secrets out of what is told. */
  readonly redact: (text: string) => string;
}

/**
 * Looks at all of them, and then starts them.
 *
 * @throws StartError that says for each what is wrong with it; then none was started.
 */
export async function startConnectors(
  { herder, redact }: ConnectorStart,
  files: readonly ConnectorFile[],
): Promise<void> {
  const refused = (await Promise.all(files.map((file) => refusalOf(herder, file)))).filter(
    (text) => text !== undefined,
  );
  if (refused.length > 0) throw new StartError(redact(refused.join('\n')));
  for (const file of files) await startConnector(herder, file);
}

/** Starts those that it can. @returns what is wrong with the others. */
export async function startWhatCan(
  { herder, redact }: ConnectorStart,
  files: readonly ConnectorFile[],
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const file of files) {
    const refusal = await refusalOf(herder, file);
    if (refusal === undefined) await startConnector(herder, file);
    else problems.push(redact(refusal));
  }
  return problems;
}

async function startConnector(herder: Herder, { path, name, config, initialState }: ConnectorFile): Promise<void> {
  try {
    await herder.createConnector({ name, config, initialState });
  } catch (cause) {
    throw new StartError(`${path}: connector "${name}" was refused: ${messageOf(cause)}`, { cause });
  }
}

async function refusalOf(herder: Herder, { path, name, config }: ConnectorFile): Promise<string | undefined> {
  try {
    const problems = problemsOf(await herder.validate(config));
    if (problems.length === 0) return undefined;
    return `${path}: connector "${name}" was refused; correct these keys:${problems.map((text) => `\n  ${text}`).join('')}`;
  } catch (error) {
    if (!MillraceError.isInstance(error)) throw error;
    return `${path}: connector "${name}" was refused: ${error.message}`;
  }
}

function problemsOf({ configs }: ConfigInfosJson): readonly string[] {
  return configs.flatMap(({ value: { name, errors } }) => errors.map((error) => `${name}: ${error}`));
}
