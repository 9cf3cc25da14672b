import type { Clock } from './clock.ts';
import type { FetchSessions } from './fetch/fetch-sessions.ts';
import type { GroupCoordinator } from './groups/group-coordinator.ts';
import type { TopicStore } from './topics/topic-store.ts';
import type { ProducerIds } from './transactions/producer-ids.ts';
import type { TransactionCoordinator } from './transactions/transaction-coordinator.ts';

/** All that the handlers of requests work on. */
export interface BrokerState {
  readonly clusterId: string;
  readonly clock: Clock;
  readonly topics: TopicStore;
  readonly groups: GroupCoordinator;
  readonly transactions: TransactionCoordinator;
  readonly producerIds: ProducerIds;
  readonly fetchSessions: FetchSessions;
  readonly autoCreateTopics: boolean;
  readonly log: (line: string) => void;
}

/** The only node there is. */
export const nodeId = 1;
