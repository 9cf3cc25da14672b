import { consumers, type Data, idler, producers } from '../kafka/contenders.ts';
import { createSystems } from '../kafka/systems.ts';
import { warm } from '../kafka/warm.ts';
import { contest } from '../processes/contest.ts';
import type { Bench, Goal, Scenario } from '../scenario.ts';

const rate = (times: number): Goal => ({ measure: 'rate', of: 'ratio', atLeast: times });
const cpu = (share: number): Goal => ({ measure: 'client cpu', of: 'ratio', atMost: share });
const memory: Goal = { measure: 'client memory', of: 'ours', atMost: 80 };
const embeddedRate: Goal = { measure: 'rate', of: 'ours', atLeast: 500_000 };
const load: Goal = { measure: 'client load', of: 'ours', atMost: 0.5 };

/** Our client against Java's tools, on Apache Kafka and on the embedded broker. */
export function kafkaBench(): Bench {
  const systems = createSystems();
  const kafka = warm(systems.kafka);
  const embedded = warm(systems.embedded);
  const produce = (name: string, data: Data, records: number, goals: readonly Goal[]): Scenario => {
    const { ours, java } = producers(data);
    return contest({ name: `produce ${name}`, ours, peer: java, records, goals });
  };
  const consume = (name: string, data: Data, records: number, goals: readonly Goal[]): Scenario => {
    const { ours, java } = consumers(data, records);
    return contest({ name: `consume ${name}`, ours, peer: java, records, goals });
  };
  const small = { system: kafka, valueBytes: 100 };
  const large = { system: kafka, valueBytes: 1024 };
  const own = { system: embedded, valueBytes: 100 };
  const scenarios = [
    produce('100 B, 1 partition', { ...small, partitions: 1 }, 3_000_000, [rate(2), cpu(0.4), memory]),
    produce('100 B, 4 partitions', { ...small, partitions: 4 }, 3_000_000, [rate(2), cpu(0.4), memory]),
    produce('1 KiB, 4 partitions', { ...large, partitions: 4 }, 600_000, [rate(1), memory]),
    consume('100 B, 1 partition', { ...small, partitions: 1 }, 5_000_000, [rate(1), memory]),
    consume('100 B, 4 partitions', { ...small, partitions: 4 }, 5_000_000, [rate(1), memory]),
    consume('1 KiB, 4 partitions', { ...large, partitions: 4 }, 600_000, [memory]),
    produce('100 B, 4 partitions, embedded broker', { ...own, partitions: 4 }, 3_000_000, [embeddedRate]),
    consume('100 B, 4 partitions, embedded broker', { ...own, partitions: 4 }, 5_000_000, [embeddedRate]),
    contest({ name: 'idle', ours: idler(kafka, 8000), records: 0, runs: 1, goals: [load, memory] }),
  ];
  return { scenarios, close: systems.close };
}
