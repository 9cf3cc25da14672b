import {
  type ConnectRecord,
  DataError,
  type Predicate,
  RetriableError,
  SourceRecord,
  type Transform,
} from '@millrace/api';
import { describe, expect, it } from 'vitest';
import {
  type ChainErrors,
  type ChainStage,
  createTransformChain,
  openTransformChain,
  type StageDecision,
} from '../../src/core/transform-chain.ts';

const record = (value: string): SourceRecord => new SourceRecord({ topic: 'words', value });
const records = (...values: string[]): SourceRecord[] => values.map(record);
const valuesOf = (batch: readonly (ConnectRecord | null)[]): unknown[] => batch.map((each) => each?.value ?? null);

/** Appends a letter, and notes which values it has seen. */
function append(letter: string, fails: (value: string) => Error | undefined = () => undefined) {
  const seen: string[] = [];
  const transform: Transform = {
    apply(input) {
      const value = input.value as string;
      seen.push(value);
      const error = fails(value);
      if (error !== undefined) throw error;
      return input.with({ value: value + letter }) as typeof input;
    },
  };
  return { transform, seen };
}

function stage(name: string, transform: Transform, more: Partial<ChainStage> = {}): ChainStage {
  return { name, transform, ...more };
}

const startsWith = (letter: string): Predicate => ({ test: ({ value }) => (value as string).startsWith(letter) });

function deciding(decision: StageDecision | Promise<StageDecision>) {
  const calls: { value: unknown; message: string; stage: string; index: number }[] = [];
  const errors: ChainErrors = {
    onError(failed, error, name, index) {
      calls.push({ value: failed.value, message: (error as Error).message, stage: name, index });
      return decision;
    },
  };
  return { errors, calls };
}

const noErrors: ChainErrors = {
  onError(_record, error) {
    throw error;
  },
};

describe('a transform chain', () => {
  it('applies its transforms in order to one record', async () => {
    const chain = createTransformChain([stage('x', append('x').transform), stage('y', append('y').transform)]);
    expect((await chain.applyChain(record('a')))?.value).toBe('axy');
  });

  it('gives the records back untouched when it is empty', async () => {
    const input = record('a');
    expect(await createTransformChain([]).applyChain(input)).toBe(input);
  });

  it('applies a transform only where its predicate says yes, or no when negated', async () => {
    const chain = createTransformChain([
      stage('x', append('x').transform, { predicate: startsWith('a') }),
      stage('y', append('y').transform, { predicate: startsWith('a'), negate: true }),
    ]);
    expect(valuesOf(await chain.applyBatch(records('a', 'b'), noErrors))).toEqual(['ax', 'by']);
  });

  it('lets the predicate see what the transforms before have made', async () => {
    const rename: Transform = { apply: (input) => input.with({ value: 'b' }) as typeof input };
    const chain = createTransformChain([
      stage('rename', rename),
      stage('x', append('x').transform, { predicate: startsWith('b') }),
    ]);
    expect((await chain.applyChain(record('a')))?.value).toBe('bx');
  });

  it('keeps the place of a dropped record and shows it to no later stage', async () => {
    const { transform, seen } = append('x');
    const chain = createTransformChain([
      stage('drop', { apply: () => null }, { predicate: startsWith('b') }),
      stage('x', transform),
    ]);
    expect(valuesOf(await chain.applyBatch(records('a', 'b', 'c'), noErrors))).toEqual(['ax', null, 'cx']);
    expect(seen).toEqual(['a', 'c']);
  });

  it('does not change the array that it gets', async () => {
    const input = Object.freeze(records('a', 'b'));
    await createTransformChain([stage('drop', { apply: () => null })]).applyBatch(input, noErrors);
    expect(valuesOf(input)).toEqual(['a', 'b']);
  });

  it('fails when a transform gives undefined, because that would lose a record silently', async () => {
    const broken = { apply: () => undefined } as unknown as Transform;
    await expect(createTransformChain([stage('broken', broken)]).applyChain(record('a'))).rejects.toThrow(
      'Transform broken gave undefined',
    );
  });
});

describe('a record that a transform refuses', () => {
  const poison = (value: string) => (value.startsWith('!') ? new DataError('poison') : undefined);

  it('is reported with its stage and place, and skipped alone', async () => {
    const first = append('x');
    const second = append('y', poison);
    const chain = createTransformChain([stage('first', first.transform), stage('second', second.transform)]);
    const { errors, calls } = deciding('skip');
    expect(valuesOf(await chain.applyBatch(records('a', '!b', 'c'), errors))).toEqual(['axy', null, 'cxy']);
    expect(calls).toEqual([{ value: '!bx', message: 'poison', stage: 'second', index: 1 }]);
  });

  it('makes no stage see any record twice', async () => {
    const first = append('x');
    const second = append('y', poison);
    const chain = createTransformChain([stage('first', first.transform), stage('second', second.transform)]);
    const input = Array.from({ length: 1000 }, (_, index) => `${index % 3 === 0 ? '!' : ''}${index}`);
    await chain.applyBatch(records(...input), deciding('skip').errors);
    expect(first.seen).toEqual(input);
    expect(second.seen).toEqual(input.map((value) => `${value}x`));
  });

  it('ends the batch when that is decided, with the very error', async () => {
    const { transform, seen } = append('x', poison);
    const chain = createTransformChain([stage('x', transform)]);
    await expect(chain.applyBatch(records('a', '!b', 'c'), deciding('throw').errors)).rejects.toThrow(DataError);
    expect(seen).toEqual(['a', '!b']);
  });

  it('can be decided upon later', async () => {
    const chain = createTransformChain([stage('x', append('x', poison).transform)]);
    const { errors } = deciding(Promise.resolve('skip'));
    expect(valuesOf(await chain.applyBatch(records('!a', 'b'), errors))).toEqual([null, 'bx']);
  });

  it('is tried again at the stage that failed, and not at those before', async () => {
    let failures = 2;
    const first = append('x');
    const flaky = append('y', () => (failures-- > 0 ? new RetriableError('later') : undefined));
    const chain = createTransformChain([stage('first', first.transform), stage('flaky', flaky.transform)]);
    expect(valuesOf(await chain.applyBatch(records('a', 'b'), deciding('retry').errors))).toEqual(['axy', 'bxy']);
    expect(first.seen).toEqual(['a', 'b']);
    expect(flaky.seen).toEqual(['ax', 'ax', 'ax', 'bx']);
  });

  it('is reported too when a predicate refuses it', async () => {
    const picky: Predicate = {
      test({ value }) {
        if (value === '!b') throw new DataError('no field');
        return true;
      },
    };
    const waiting: Transform = { apply: (input) => input, prepare: () => undefined };
    for (const transform of [append('').transform, waiting]) {
      const chain = createTransformChain([stage('x', transform, { predicate: picky })]);
      const { errors, calls } = deciding('skip');
      expect(valuesOf(await chain.applyBatch(records('a', '!b', 'c'), errors))).toEqual(['a', null, 'c']);
      expect(calls).toEqual([{ value: '!b', message: 'no field', stage: 'x', index: 1 }]);
    }
  });
});

describe('a transform that waits', () => {
  /** Looks values up in a "table" once per batch. */
  function lookup(table: Readonly<Record<string, string>>, failures = 0) {
    const prepared: unknown[][] = [];
    const transform: Transform<ReadonlyMap<unknown, string>> = {
      async prepare(batch) {
        prepared.push(batch.map(({ value }) => value));
        if (failures-- > 0) throw new RetriableError('table is away');
        return new Map(batch.map(({ value }) => [value, table[value as string] ?? 'none']));
      },
      apply(input, context) {
        const found = context?.get(input.value);
        if (found === undefined) throw new DataError(`not prepared: ${String(input.value)}`);
        return input.with({ value: `${String(input.value)}=${found}` }) as typeof input;
      },
    };
    return { transform, prepared };
  }

  it('is asked once per batch, for the records as the stages before left them', async () => {
    const { transform, prepared } = lookup({ ax: '1', bx: '2' });
    const chain = createTransformChain([
      stage('x', append('x').transform),
      stage('drop', { apply: () => null }, { predicate: startsWith('c') }),
      stage('lookup', transform),
      stage('y', append('y').transform),
    ]);
    expect(valuesOf(await chain.applyBatch(records('a', 'c', 'b'), noErrors))).toEqual(['ax=1y', null, 'bx=2y']);
    expect(prepared).toEqual([['ax', 'bx']]);
  });

  it('gets exactly the records that its predicate lets through', async () => {
    const { transform, prepared } = lookup({ a: '1' });
    const chain = createTransformChain([stage('lookup', transform, { predicate: startsWith('a') })]);
    expect(valuesOf(await chain.applyBatch(records('a', 'b'), noErrors))).toEqual(['a=1', 'b']);
    expect(prepared).toEqual([['a']]);
  });

  it('is not asked when no record reaches it', async () => {
    const { transform, prepared } = lookup({});
    const chain = createTransformChain([stage('lookup', transform, { predicate: startsWith('z') })]);
    await chain.applyBatch(records('a'), noErrors);
    await chain.applyBatch([], noErrors);
    expect(prepared).toEqual([]);
  });

  it('gets no context when it had nothing to wait for', async () => {
    const contexts: unknown[] = [];
    const transform: Transform = {
      prepare: () => undefined,
      apply(input, context) {
        contexts.push(context);
        return input;
      },
    };
    await createTransformChain([stage('idle', transform)]).applyBatch(records('a'), noErrors);
    expect(contexts).toEqual([undefined]);
  });

  it('is asked again, without the stages before it, when what it asks was away', async () => {
    const first = append('x');
    const { transform, prepared } = lookup({ ax: '1' }, 2);
    const chain = createTransformChain([stage('x', first.transform), stage('lookup', transform)]);
    const away: string[] = [];
    const errors: ChainErrors = {
      ...noErrors,
      onPrepareError(error, name) {
        away.push(`${name}: ${(error as Error).message}`);
        return 'retry';
      },
    };
    expect(valuesOf(await chain.applyBatch(records('a'), errors))).toEqual(['ax=1']);
    expect(away).toEqual(['lookup: table is away', 'lookup: table is away']);
    expect(prepared).toHaveLength(3);
    expect(first.seen).toEqual(['a']);
  });

  it('is asked again for a refused record alone when that is tried again', async () => {
    const prepared: unknown[][] = [];
    const transform: Transform<{ readonly round: number }> = {
      async prepare(batch) {
        prepared.push(batch.map(({ value }) => value));
        return { round: prepared.length };
      },
      apply(input, context) {
        const round = context?.round ?? 0;
        if (input.value === '!b' && round < 3) throw new RetriableError(`refused in round ${round}`);
        return input.with({ value: `${String(input.value)}${round}` }) as typeof input;
      },
    };
    const messages: string[] = [];
    const errors: ChainErrors = {
      onError: (_record, error) => (messages.push((error as Error).message) < 5 ? 'retry' : 'throw'),
    };
    const chain = createTransformChain([stage('lookup', transform), stage('y', append('y').transform)]);
    expect(valuesOf(await chain.applyBatch(records('a', '!b', 'c'), errors))).toEqual(['a1y', '!b3y', 'c1y']);
    expect(prepared).toEqual([['a', '!b', 'c'], ['!b'], ['!b']]);
    expect(messages).toEqual(['refused in round 1', 'refused in round 2']);
  });

  it('ends the batch when what it asks is away and nobody says to try again', async () => {
    const chain = createTransformChain([stage('lookup', lookup({}, 1).transform)]);
    await expect(chain.applyChain(record('a'))).rejects.toThrow('table is away');
  });

  it('keeps the contexts of two lookups apart', async () => {
    const chain = createTransformChain([
      stage('one', lookup({ a: '1' }).transform),
      stage('two', lookup({ 'a=1': '2' }).transform),
    ]);
    expect((await chain.applyChain(record('a')))?.value).toBe('a=1=2');
  });
});

describe('opening and closing a chain', () => {
  function closeable(log: string[], name: string, error?: Error): Transform & Predicate {
    return {
      apply: (input) => input,
      test: () => true,
      close() {
        log.push(name);
        if (error !== undefined) throw error;
      },
    };
  }

  it('closes transforms and predicates once, all of them although one fails', async () => {
    const log: string[] = [];
    const chain = await openTransformChain([
      { name: 'a', transform: () => closeable(log, 'a', new Error('a is stuck')) },
      { name: 'b', transform: async () => closeable(log, 'b'), predicate: () => closeable(log, 'p'), negate: true },
    ]);
    await expect(chain.close()).rejects.toThrow('a is stuck');
    await expect(chain.close()).rejects.toThrow('a is stuck');
    expect(log).toEqual(['a', 'b', 'p']);
  });

  it('closes what was made before a transform that cannot be made', async () => {
    const log: string[] = [];
    const opening = openTransformChain([
      { name: 'a', transform: () => closeable(log, 'a'), predicate: () => closeable(log, 'p') },
      {
        name: 'b',
        transform() {
          throw new DataError('b is broken');
        },
      },
    ]);
    await expect(opening).rejects.toThrow('b is broken');
    expect(log).toEqual(['a', 'p']);
  });
});
