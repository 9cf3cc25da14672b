import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { hasKeytool, makeStores } from './make-stores.ts';
import { storeContract } from './store-contract.ts';

const skipped = !hasKeytool() && process.env['CI'] !== 'true';
if (skipped) process.stderr.write('SKIPPED: the tests with keytool, which is not installed\n');

describe.skipIf(skipped)('stores that keytool writes now', () => {
  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-keytool-'));
    await makeStores(directory);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  storeContract(() => directory);
});
