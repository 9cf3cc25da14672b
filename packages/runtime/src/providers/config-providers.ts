import { type ConfigProviderPlugin, defineConfigProvider } from '@millrace/api';
import { version } from '../version.ts';
import { type AllowedPathsKeys, allowedPathsKeys, type EnvVarKeys, envVarKeys } from './config.ts';

const javaPackage = 'org.apache.kafka.common.config.provider';

export const fileConfigProvider: ConfigProviderPlugin<AllowedPathsKeys> = defineConfigProvider({
  name: 'file-config-provider',
  version,
  doc: `Takes values from properties files: \`\${file:/path/to.properties:key}\`.`,
  java: [`${javaPackage}.FileConfigProvider`],
  config: allowedPathsKeys,
  create: async ({ config, log }) => (await import('./file-provider.ts')).createFileProvider(config.allowedPaths, log),
});

export const directoryConfigProvider: ConfigProviderPlugin<AllowedPathsKeys> = defineConfigProvider({
  name: 'directory-config-provider',
  version,
  doc: `Takes each value from a file of its own: \`\${directory:/path/to:file}\`.`,
  java: [`${javaPackage}.DirectoryConfigProvider`],
  config: allowedPathsKeys,
  create: async ({ config, log }) =>
    (await import('./directory-provider.ts')).createDirectoryProvider(config.allowedPaths, log),
});

export const envVarConfigProvider: ConfigProviderPlugin<EnvVarKeys> = defineConfigProvider({
  name: 'env-var-config-provider',
  version,
  doc: `Takes values from the environment: \`\${env:NAME}\`.`,
  java: [`${javaPackage}.EnvVarConfigProvider`],
  config: envVarKeys,
  create: async ({ config }) => (await import('./env-var-provider.ts')).createEnvVarProvider(config.allowlistPattern),
});
