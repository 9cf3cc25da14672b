import { administrationContract } from './administration.ts';
import { groupContract } from './groups.ts';
import { readingContract } from './reading.ts';
import { recordContract } from './records.ts';
import type { ContractTarget } from './target.ts';
import { transactionContract } from './transactions.ts';

/** Everything that must hold with any Kafka. */
export function kafkaContract(target: ContractTarget): void {
  administrationContract(target);
  recordContract(target);
  groupContract(target);
  readingContract(target);
  transactionContract(target);
}
