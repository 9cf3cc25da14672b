import { defineConfig } from 'vitest/config';

const sources = ['packages', 'connectors', 'apps', 'tools', 'examples'];
const tests = (suffix: string) => sources.map((folder) => `${folder}/*/test/**/*${suffix}`);

/** Packages see each other's TypeScript sources: no build before a test. */
const conditions = ['@millrace/source'];
const resolve = { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } };

export default defineConfig({
  test: {
    projects: [
      {
        ...resolve,
        test: {
          name: 'unit',
          // One worker per core, and modules loaded once in each: a process per file takes longer than the tests.
          isolate: false,
          include: tests('.test.ts'),
          exclude: [...tests('.integration.test.ts'), '**/node_modules/**'],
          // Fuzzed codecs take seconds, and more on a machine that does something else as well.
          testTimeout: 30_000,
          env: { TZ: 'America/New_York' },
        },
      },
      {
        ...resolve,
        test: {
          name: 'integration',
          include: tests('.integration.test.ts'),
          globalSetup: ['@millrace/services/vitest-setup'],
          // Two cores: one file at a time, and the services are shared by the whole run.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
