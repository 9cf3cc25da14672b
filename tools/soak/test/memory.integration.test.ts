import { describeService } from '@millrace/services';
import { expect, test } from 'vitest';
import { memorySoak } from '../src/index.ts';

describeService('kafka', (kafka) => {
  test.each([
    ['flow', 60_000],
    ['backlog', 100_000],
  ] as const)('the memory of a worker is bounded: %s', async (scenario, records) => {
    const { highestMb, ...result } = await memorySoak({
      bootstrapServers: kafka.address,
      scenario,
      minutes: 0.1,
      gib: 0.1,
    });
    expect(highestMb).toBeLessThan(250);
    expect(result.ok).toBe(true);
    expect(result.records).toBeGreaterThan(records);
  });
});
