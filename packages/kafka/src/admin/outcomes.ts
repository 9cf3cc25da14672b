import { asKafkaError, type KafkaError } from '../errors.ts';
import type { Outcomes } from '../port.ts';

/** Does the same for each of several things, and says what became of each. */
export async function outcomesOf(
  names: readonly string[],
  work: (name: string) => Promise<unknown>,
): Promise<Outcomes> {
  const outcomes = await Promise.all(
    names.map(async (name): Promise<[string, KafkaError | undefined]> => {
      try {
        await work(name);
        return [name, undefined];
      } catch (error) {
        return [name, asKafkaError(error)];
      }
    }),
  );
  return new Map(outcomes);
}
