import type { RawConfig } from '@millrace/api';

/** The configuration with what a patch sets, and without what it has as `null`. */
export function patchConfig(config: RawConfig, patch: RawConfig): RawConfig {
  return Object.fromEntries(Object.entries({ ...config, ...patch }).filter(([, value]) => value !== null));
}
