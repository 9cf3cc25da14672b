import { createSystems } from '../kafka/systems.ts';
import { warm } from '../kafka/warm.ts';
import { contest } from '../processes/contest.ts';
import type { Bench, Goal, Scenario } from '../scenario.ts';
import { type FlowOptions, sinkContenders, sourceContenders } from '../worker/contenders.ts';

const records = 1_000_000;
/** So much that either side's compiler has seen the whole way of a record. */
const warmUp = 500_000;

/** At least so many times Java's rate, with half of its CPU time and memory at most. */
const goals = (rate: number): readonly Goal[] => [
  { measure: 'rate', of: 'ratio', atLeast: rate },
  { measure: 'worker cpu', of: 'ratio', atMost: 0.5 },
  { measure: 'worker memory', of: 'ratio', atMost: 0.5 },
];

/** A worker with one task and default settings against Java's, with FileStreamSource and FileStreamSink. */
export function workerBench(): Bench {
  const { kafka, close } = createSystems();
  const system = warm(kafka);
  const source = (name: string, rate: number, options: Omit<FlowOptions, 'system'>): Scenario => {
    const { ours, java } = sourceContenders({ system, ...options });
    return contest({ name, ours, peer: java, records, warmUp, goals: goals(rate) });
  };
  const sink = (name: string, rate: number, options: Omit<FlowOptions, 'system'>): Scenario => {
    const { ours, java } = sinkContenders({ system, ...options });
    return contest({ name, ours, peer: java, records, warmUp, goals: goals(rate) });
  };
  const scenarios = [
    source('source-string', 2, { format: 'string' }),
    source('source-json', 2, { format: 'json' }),
    sink('sink-string', 1, { format: 'string' }),
    sink('sink-json', 1.2, { format: 'json' }),
    source('source-eos', 1.5, { format: 'string', boundary: 'poll' }),
    source('source-eos-interval', 3, { format: 'string', boundary: 'interval' }),
  ];
  return { scenarios, close };
}
