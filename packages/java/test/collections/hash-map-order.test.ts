import { describe, expect, it } from 'vitest';
import { hashCode, hashMapCopyOrder, hashMapOrder } from '../../src/index.ts';
import { differences, readVectors } from '../vectors.ts';

type Row = [
  keys: string[],
  order: number[],
  copyOrder: number[],
  capacity: number,
  sizedOrder: number[],
  hashes: number[],
];

describe('HashMap order', () => {
  const rows = readVectors<Row>('hash-map-order');
  const indexes = (keys: string[], ordered: string[]) => {
    const distinct = [...new Set(keys)];
    return ordered.map((key) => distinct.indexOf(key));
  };

  it('has the hash codes of Java', () => {
    expect(
      differences(
        rows,
        ([keys]) => keys.map(hashCode),
        (row) => row[5],
      ),
    ).toEqual([]);
  });

  it('is the order of a new map', () => {
    expect(
      differences(
        rows,
        ([keys]) => indexes(keys, hashMapOrder(keys)),
        (row) => row[1],
      ),
    ).toEqual([]);
  });

  it('is the order of a copy', () => {
    expect(
      differences(
        rows,
        ([keys]) => indexes(keys, hashMapCopyOrder(keys)),
        (row) => row[2],
      ),
    ).toEqual([]);
  });

  it('is the order of a map with a given capacity', () => {
    expect(
      differences(
        rows,
        ([keys, , , capacity]) => indexes(keys, hashMapOrder(keys, capacity)),
        (row) => row[4],
      ),
    ).toEqual([]);
  });

  it('does not change its argument', () => {
    const keys = Object.freeze(['topics', 'name', 'file']);
    expect(hashMapOrder(keys)).toHaveLength(3);
  });
});
