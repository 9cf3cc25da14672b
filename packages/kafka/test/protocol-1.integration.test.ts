import { describeService } from '@millrace/services';
import { afterAll, beforeAll } from 'vitest';
import { newestVersion } from '../src/cluster/spoken-versions.ts';
import { transactionContract } from './contract/transactions.ts';

/** Transaction protocol 1, as with brokers before 4.0: Produce 12 is what makes it protocol 2. */
describeService('kafka', (kafka) => {
  const versions = newestVersion as Record<string, number>;
  const newest = versions['Produce']!;
  beforeAll(() => {
    versions['Produce'] = 11;
  });
  afterAll(async () => {
    versions['Produce'] = newest;
    await kafka.stop();
  });
  transactionContract({ name: 'Apache Kafka by transaction protocol 1', bootstrap: () => kafka.address });
});
