import { describeService } from '@millrace/services';
import { afterAll } from 'vitest';
import { crashContract } from './contract/crash.ts';

describeService('kafka3', (kafka) => {
  afterAll(() => kafka.stop());
  crashContract(
    { name: 'one of three nodes', bootstrap: () => kafka.address },
    async () => {
      await kafka.kill9('node2');
      await kafka.restart('node2');
    },
    3,
  );
});
