import { isDeepStrictEqual } from 'node:util';
import { type Converter, DataError, fromBytes, toBytes } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { createJsonConverter } from '../../src/index.ts';
import { everything, everythingOf, randomNumbers, warmUp } from '../samples.ts';

const mutations = 10_000;
const longest = 50;

type Outcome = { readonly value: unknown } | { readonly refused: string };

/** Between two other messages, as in a batch, or alone. */
function outcomeOf(converter: Converter, bytes: Buffer, neighbour: Buffer = Buffer.alloc(0)): Outcome {
  const batch = Buffer.concat([neighbour, bytes, neighbour]);
  try {
    return { value: { ...converter.decode('t', batch, neighbour.length, neighbour.length + bytes.length, undefined) } };
  } catch (error) {
    if (DataError.isInstance(error) && error.topic === 't' && error.part === 'value') return { refused: error.message };
    throw error;
  }
}

/** Whether it takes too long again and again; once, it may be for others who use the machine. */
function isSlow(work: () => unknown): boolean {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return Math.min(...times) > longest;
}

/** One to three random changes: a byte, a cut, a doubled or lost piece, a piece of another message. */
function mutate(bytes: Buffer, other: Buffer, next: () => number): Buffer {
  const at = (length: number) => Math.floor(next() * length);
  let result = Buffer.from(bytes);
  for (let change = 0; change <= at(3); change++) {
    const start = at(result.length);
    const end = Math.min(result.length, start + 1 + at(8));
    switch (at(6)) {
      case 0:
        if (result.length > 0) result[start] = at(256);
        break;
      case 1:
        if (result.length > 0) result[start] = '0123456789{}[]",:\\ntfeE+-. '.charCodeAt(at(27));
        break;
      case 2:
        result = result.subarray(0, start);
        break;
      case 3:
        result = Buffer.concat([result.subarray(0, start), result.subarray(end)]);
        break;
      case 4:
        result = Buffer.concat([result.subarray(0, end), result.subarray(start)]);
        break;
      default:
        result = Buffer.concat([result.subarray(0, start), other.subarray(at(other.length))]);
    }
  }
  return result;
}

describe.each([
  ['with schemas', {}],
  ['without schemas', { schemasEnable: false }],
] as const)('10,000 damaged messages %s', (_name, options) => {
  it('are each read as plain code reads them, or refused, in no time', () => {
    const next = randomNumbers(42);
    const warm = createJsonConverter(options);
    const messages = Array.from({ length: 24 }, (_, number) =>
      toBytes(warm, 't', everything, everythingOf(number)),
    ) as Buffer[];
    for (let use = 0; use < warmUp; use++) fromBytes(warm, 't', messages[use] as Buffer);
    let refused = 0;
    const slow: string[] = [];
    const different: unknown[] = [];
    for (let index = 0; index < mutations; index++) {
      const bytes = mutate(messages[index % 24] as Buffer, messages[(index * 7) % 24] as Buffer, next);
      const start = performance.now();
      const outcome = outcomeOf(warm, bytes, messages[index % 24]);
      if (performance.now() - start > longest && isSlow(() => outcomeOf(warm, bytes))) slow.push(bytes.toString());
      if ('refused' in outcome) refused++;
      const plain = outcomeOf(createJsonConverter(options), bytes);
      if (!isDeepStrictEqual(outcome, plain)) different.push({ bytes: bytes.toString(), outcome, plain });
    }
    expect(slow).toEqual([]);
    expect(different).toEqual([]);
    expect(refused).toBeGreaterThan(mutations / 10);
    expect(refused).toBeLessThan(mutations);
  }, 120_000);
});
