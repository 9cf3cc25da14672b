import type { ConnectorConfig } from './herder.ts';

/** A task's configuration with the variables that the user wrote in the place of what they stand for. */
export function unresolvedConfig(
  taskConfig: ConnectorConfig,
  written: ConnectorConfig,
  resolved: ConnectorConfig,
): ConnectorConfig {
  const entries = Object.entries(taskConfig).map(([key, value]) => {
    const isResolved = Object.hasOwn(written, key) && written[key] !== resolved[key] && value === resolved[key];
    return [key, isResolved ? (written[key] as string) : value] as const;
  });
  return Object.fromEntries(entries);
}
