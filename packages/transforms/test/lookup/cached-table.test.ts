import { DataError, RetriableError, Schema, type Table, type TableKey } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { cachedTable } from '../../src/lookup/cached-table.ts';

const schema = Schema.struct({ name: Schema.string });

/** A database that remembers what it was asked, and gives its rows in one object that it fills anew. */
function database(rows: Readonly<Record<string, string>>) {
  const queries: TableKey[][] = [];
  const state = { isAway: false, closed: 0 };
  const table: Table = {
    schema,
    async prepare(keys) {
      queries.push([...keys]);
      if (state.isAway) throw new RetriableError('The database is away.');
      const found = { schema, value: {} as unknown };
      return {
        schema,
        get(key) {
          if (key === 'broken') throw new DataError('Key broken cannot be asked for.');
          const name = rows[String(key)];
          if (name === undefined) return undefined;
          found.value = schema.create({ name });
          return found;
        },
      };
    },
    get: () => undefined,
    close() {
      state.closed++;
    },
  };
  return { table, queries, state };
}

function clock() {
  const time = { now: 0 };
  return { time, options: { ttl: 100, negativeTtl: 10, size: 100, now: () => time.now } };
}

describe('a cache before a table that asks another system', () => {
  it('asks once per batch, for each key once', async () => {
    const { table, queries } = database({ a: 'Ann', b: 'Bob' });
    const cache = cachedTable(table, clock().options);
    const view = await cache.prepare?.(['a', 'b', 'a', 'c']);
    expect(queries).toEqual([['a', 'b', 'c']]);
    expect(view?.get('a')?.value).toEqual({ name: 'Ann' });
    expect(view?.get('b')?.value).toEqual({ name: 'Bob' });
    expect(view?.get('c')).toBeUndefined();
  });

  it('asks again only for what it does not know, until that is too old', async () => {
    const { table, queries } = database({ a: 'Ann', b: 'Bob' });
    const { time, options } = clock();
    const cache = cachedTable(table, options);
    await cache.prepare?.(['a']);
    await cache.prepare?.(['a', 'b']);
    time.now = 99;
    await cache.prepare?.(['a']);
    time.now = 100;
    await cache.prepare?.(['a', 'b']);
    expect(queries).toEqual([['a'], ['b'], ['a', 'b']]);
  });

  it('remembers for a shorter time that there is no row', async () => {
    const { table, queries } = database({});
    const { time, options } = clock();
    const cache = cachedTable(table, options);
    await cache.prepare?.(['x']);
    time.now = 9;
    await cache.prepare?.(['x']);
    time.now = 10;
    await cache.prepare?.(['x']);
    expect(queries).toEqual([['x'], ['x']]);
  });

  it('gives a batch all its rows although it can keep only one', async () => {
    const { table } = database({ a: 'Ann', b: 'Bob', c: 'Cid' });
    const cache = cachedTable(table, { ...clock().options, size: 1 });
    const view = await cache.prepare?.(['a', 'b', 'c']);
    const rows = ['a', 'b', 'c'].map((key) => view?.get(key)?.value);
    expect(rows).toEqual([{ name: 'Ann' }, { name: 'Bob' }, { name: 'Cid' }]);
  });

  it('gives a batch its rows although they get too old before they are used', async () => {
    const { table } = database({ a: 'Ann' });
    const { time, options } = clock();
    const cache = cachedTable(table, options);
    await cache.prepare?.(['a']);
    time.now = 99;
    const view = await cache.prepare?.(['a']);
    time.now = 1000;
    expect(view?.get('a')?.value).toEqual({ name: 'Ann' });
  });

  it('drops what was not asked for longest', async () => {
    const { table, queries } = database({ a: 'Ann', b: 'Bob', c: 'Cid' });
    const cache = cachedTable(table, { ...clock().options, size: 2 });
    for (const keys of [['a', 'b'], ['a'], ['c'], ['a'], ['b']]) await cache.prepare?.(keys);
    expect(queries).toEqual([['a', 'b'], ['c'], ['b']]);
  });

  it('keeps nothing when it may not', async () => {
    const { table, queries } = database({ a: 'Ann' });
    const cache = cachedTable(table, { ...clock().options, ttl: 0 });
    for (let batch = 0; batch < 2; batch++)
      expect((await cache.prepare?.(['a']))?.get('a')?.value).toEqual({ name: 'Ann' });
    expect(queries).toHaveLength(2);
  });

  it('lets one key fail alone and asks for it again', async () => {
    const { table, queries } = database({ a: 'Ann' });
    const cache = cachedTable(table, clock().options);
    const view = await cache.prepare?.(['a', 'broken']);
    expect(view?.get('a')?.value).toEqual({ name: 'Ann' });
    expect(() => view?.get('broken')).toThrow(DataError);
    await cache.prepare?.(['broken']);
    expect(queries).toEqual([['a', 'broken'], ['broken']]);
  });

  it('rejects when the system is away, and asks for all that again', async () => {
    const { table, queries, state } = database({ a: 'Ann' });
    const cache = cachedTable(table, clock().options);
    state.isAway = true;
    await expect(cache.prepare?.(['a'])).rejects.toThrow(RetriableError);
    state.isAway = false;
    expect((await cache.prepare?.(['a']))?.get('a')?.value).toEqual({ name: 'Ann' });
    expect(queries).toEqual([['a'], ['a']]);
  });

  it('closes the table', async () => {
    const { table, state } = database({});
    await cachedTable(table, clock().options).close();
    expect(state.closed).toBe(1);
  });
});
