export { directoryConfigProvider, envVarConfigProvider, fileConfigProvider } from './providers/config-providers.ts';
