import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/** The path of a file that this package names in its `imports`. (`import.meta.resolve` is absent where vitest loads a global setup.) */
export const ownFile = (name: `#${string}`): string => resolve(name);
