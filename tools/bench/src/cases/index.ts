import type { Bench } from '../scenario.ts';

export interface BenchCase {
  readonly about: string;
  readonly load: () => Promise<Bench>;
}

/** What `pnpm bench <name>` measures; loaded when it is asked for. */
export const cases: Readonly<Record<string, BenchCase>> = {
  converters: {
    about: 'converters against JSON.stringify, JSON.parse and bare UTF-8',
    load: async () => ({ scenarios: (await import('./converters.ts')).converterPairs() }),
  },
  transforms: {
    about: 'a chain of transforms against object spreads of the same value; Lookup against a bare Map and a spread',
    load: async () => {
      const { transformPairs } = await import('./transforms.ts');
      const { lookupPairs } = await import('./lookup.ts');
      return { scenarios: [...(await transformPairs()), ...(await lookupPairs())] };
    },
  },
  kafka: {
    about: "the Kafka client and the embedded broker against Java's ProducerPerformance and ConsumerPerformance",
    load: async () => (await import('./kafka.ts')).kafkaBench(),
  },
  worker: {
    about: "a worker with FileStreamSource and FileStreamSink against Java's Kafka Connect, also exactly-once",
    load: async () => (await import('./worker.ts')).workerBench(),
  },
};
