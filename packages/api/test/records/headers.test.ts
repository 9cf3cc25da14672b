import { type Header, Headers, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';

const headers = Headers.of([
  { key: 'a', value: 1, schema: Schema.int32 },
  { key: 'b', value: 'x', schema: null },
  { key: 'a', value: 2, schema: Schema.int32 },
]);

const pairs = (list: Iterable<Header>): readonly unknown[] => [...list].map(({ key, value }) => [key, value]);

describe('headers', () => {
  it('keep their order and may stand more than once', () => {
    expect(pairs(headers)).toEqual([
      ['a', 1],
      ['b', 'x'],
      ['a', 2],
    ]);
    expect([headers.size, headers.at(1)?.key, headers.at(3), headers.has('a'), headers.has('c')]).toEqual([
      3,
      'b',
      undefined,
      true,
      false,
    ]);
    expect(headers.lastWithName('a')?.value).toBe(2);
    expect(headers.lastWithName('c')).toBeUndefined();
    expect(pairs(headers.allWithName('a'))).toEqual([
      ['a', 1],
      ['a', 2],
    ]);
  });

  it('do not change: every change makes others', () => {
    expect(pairs(headers.add('c', null))).toEqual([
      ['a', 1],
      ['b', 'x'],
      ['a', 2],
      ['c', null],
    ]);
    expect(pairs(headers.remove('a'))).toEqual([['b', 'x']]);
    expect(pairs(headers.retainLatest())).toEqual([
      ['b', 'x'],
      ['a', 2],
    ]);
    expect(headers.size).toBe(3);
  });

  it('are the same object where nothing changes, and one for all that are empty', () => {
    expect(headers.remove('c')).toBe(headers);
    expect(headers.remove('a').retainLatest().size).toBe(1);
    expect(Headers.of([])).toBe(Headers.empty);
    expect(headers.filter(() => false)).toBe(Headers.empty);
  });

  it('do not follow the list that they were made of', () => {
    const list = [{ key: 'a', value: 1, schema: null }];
    const made = Headers.of(list);
    list.push({ key: 'b', value: 2, schema: null });
    expect(made.size).toBe(1);
  });

  it('are recognised', () => {
    expect(Headers.isInstance(headers)).toBe(true);
    expect(Headers.isInstance([])).toBe(false);
  });
});
