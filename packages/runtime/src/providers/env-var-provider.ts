import { env } from 'node:process';
import { ConfigError, type ConfigProvider } from '@millrace/api';
import type { JavaRegex } from '@millrace/java';
import { pick } from './pick.ts';

/** The variables of the environment that the pattern allows, as they were when the worker was started. */
export function createEnvVarProvider(
  allowed: JavaRegex,
  environment: Readonly<Record<string, string | undefined>> = env,
): ConfigProvider {
  const variables = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && allowed.matches(entry[0]),
  );
  return {
    get: async (path, keys) => {
      if (path === '') return { data: pick(variables, keys) };
      const message = `Path is not supported for EnvVarConfigProvider, invalid value '${path}': write the name alone, as in \${env:NAME}`;
      throw new ConfigError(message);
    },
  };
}
