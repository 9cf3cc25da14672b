import { describeService } from '@millrace/services';
import { expect, test } from 'vitest';
import { killSoak } from '../src/index.ts';

describeService('kafka', (kafka) => {
  test.each(['at-least-once', 'exactly-once'] as const)('kills lose nothing, %s', async (guarantee) => {
    const result = await killSoak({
      bootstrapServers: kafka.address,
      guarantee,
      kills: 5,
      seed: 4,
      longestLifeMs: 2500,
    });
    expect(result).toMatchObject({ ok: true, kills: 5 });
    expect(result.lines).toBeGreaterThan(1000);
  });
});
