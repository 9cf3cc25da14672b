import { errorCode, initProducerId } from '@millrace/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import { backoff } from '../cluster/waiting.ts';

/** Takes the transactional id over as a producer would, and never writes. */
export async function fenceProducer(cluster: Cluster, transactionalId: string): Promise<void> {
  const { retryBackoffMs, retryBackoffMaxMs, apiTimeoutMs } = cluster.settings;
  await cluster.retry(
    `Fencing producers with transactional.id ${transactionalId}`,
    () =>
      cluster.coordinated(
        'transaction',
        transactionalId,
        initProducerId,
        { transactionalId, transactionTimeoutMs: Math.min(apiTimeoutMs, 60_000) },
        ({ errorCode: code }) => code ?? errorCode.NONE,
      ),
    {
      pause: (attempt, error) =>
        error.code === 'CONCURRENT_TRANSACTIONS'
          ? Math.min(20, 2 * 2 ** Math.min(attempt, 8))
          : backoff(attempt, retryBackoffMs, retryBackoffMaxMs),
    },
  );
}
