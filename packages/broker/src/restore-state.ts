import type { GroupCoordinator } from './groups/group-coordinator.ts';
import type { GroupSnapshot } from './groups/group-types.ts';
import type { OffsetStore } from './groups/offset-store.ts';
import type { StateLog } from './log/state-log.ts';
import type { ProducerIds } from './transactions/producer-ids.ts';
import type { Transaction } from './transactions/transaction.ts';
import type { TransactionCoordinator } from './transactions/transaction-coordinator.ts';

export interface Restored {
  readonly offsets: OffsetStore;
  readonly groups: GroupCoordinator;
  readonly producerIds: ProducerIds;
  readonly transactions: TransactionCoordinator;
}

/** Gives every entry of the state log back to whoever wrote it, and goes on with what was under way. */
export function restoreState(state: StateLog, { offsets, groups, producerIds, transactions }: Restored): void {
  for (const [text, value] of state.load()) {
    const key = JSON.parse(text) as readonly unknown[];
    switch (key[0]) {
      case 'group':
        groups.restore(String(key[1]), value as GroupSnapshot);
        break;
      case 'offset':
      case 'pending':
        offsets.restore(key, value);
        break;
      case 'producer-ids':
        producerIds.restore(value as number);
        break;
      case 'transaction':
        transactions.restore(value as Transaction);
        break;
      default:
        throw new Error(`the state log has an entry of unknown kind: ${text}`);
    }
  }
  transactions.resume();
}
