import type { ServiceEnvironment } from './definition.ts';
import { definitionOf } from './services/catalog.ts';

/** The environment variable that names a service which somebody else runs. */
export function externalVariable(name: string): string {
  return `MILLRACE_TEST_${name.toUpperCase().replaceAll('-', '_')}`;
}

/**
 * The variables of a service that somebody else runs, or `undefined` where none is named. What the address does not tell
 * (`S3_SECRET_KEY`, …) is taken from the process's environment.
 */
export function externalEnvironment(name: string): ServiceEnvironment | undefined {
  const address = process.env[externalVariable(name)];
  if (address === undefined || address === '') return undefined;
  const definition = definitionOf(name);
  return { ...process.env, [definition.address]: address, ...definition.external?.(address) };
}
