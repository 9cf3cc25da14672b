import type { ConfigKeys, RawConfig, Recommender, RecommenderConfig } from './config-key.ts';
import type { Slot } from './expand-keys.ts';
import { type ReadKeys, type ReadSlot, readKeys } from './read-keys.ts';
import { Secret } from './secret.ts';

/** What `/validate` says about one key. */
export interface ConfigValue {
  readonly name: string;
  /** `undefined` when there is none because of an error. */
  readonly value: unknown;
  /** As Java prints it; `[hidden]` for a secret. */
  readonly text: string | null;
  readonly recommendedValues: readonly string[];
  readonly errors: readonly string[];
  readonly visible: boolean;
}

/** Looks at every key; what is wrong stands beside it. Throws only for a faulty definition. */
export function validateConfig(keys: ConfigKeys, raw: RawConfig): readonly ConfigValue[] {
  return validateSlots(readKeys(keys, raw)).map(({ value }) => value);
}

/** The same, with the place of each key. */
export function validateSlots({ read }: ReadKeys): readonly { readonly slot: Slot; readonly value: ConfigValue }[] {
  const all = [...read.values()];
  return all.map(({ slot, reading }) => {
    const advice = recommend(slot.key.recommender, () => valuesUnder(slot.prefix, all));
    return {
      slot,
      value: {
        name: slot.name,
        value: reading.value,
        text: reading.text,
        recommendedValues: advice.values,
        errors: [...reading.problems, ...advice.errors],
        visible: advice.visible,
      },
    };
  });
}

interface Advice {
  readonly values: readonly string[];
  readonly visible: boolean;
  readonly errors: readonly string[];
}

function recommend(recommender: Recommender | undefined, config: () => RecommenderConfig): Advice {
  if (recommender === undefined) return { values: [], visible: true, errors: [] };
  try {
    const values = config();
    return {
      values: recommender.values?.(values) ?? [],
      visible: recommender.visible?.(values) ?? true,
      errors: [],
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { values: [], visible: true, errors: [message] };
  }
}

/** Recommenders of an alias see the keys of that alias, without the prefix. */
function valuesUnder(prefix: string, all: readonly ReadSlot[]): RecommenderConfig {
  return Object.fromEntries(
    all
      .filter(({ slot }) => slot.name.startsWith(prefix))
      .map(({ slot, reading }) => [slot.name.slice(prefix.length), guarded(slot, reading.value ?? null)]),
  );
}

/** What a recommender says is printed, so it sees no secret that prints itself. */
function guarded({ key }: Slot, value: unknown): unknown {
  if (!key.secret || Secret.isInstance(value)) return value;
  return typeof value === 'string' ? new Secret(value) : null;
}
