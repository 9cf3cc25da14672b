import { describe, expect, test } from 'vitest';
import { type AssignableMember, type Assignment, assignors } from '../../src/group/assignor.ts';

const member = (
  memberId: string,
  topics: string[],
  owned: string[] = [],
  generation = 1,
  instanceId: string | null = null,
): AssignableMember => ({
  memberId,
  instanceId,
  topics,
  generation,
  owned: owned.map((text) => ({ topic: text.slice(0, -1), partition: Number(text.slice(-1)) })),
});
const shown = (assignment: Assignment): Record<string, string> =>
  Object.fromEntries(
    [...assignment].map(([id, partitions]) => [
      id,
      partitions
        .map(({ topic, partition }) => `${topic}${partition}`)
        .sort()
        .join(),
    ]),
  );
const counts = new Map([
  ['a', 3],
  ['b', 3],
]);

describe('range', () => {
  test('gives the first members the larger ranges of each topic', () => {
    const members = [member('2', ['a', 'b']), member('1', ['a', 'b'])];
    expect(shown(assignors.range(members, counts))).toEqual({ 1: 'a0,a1,b0,b1', 2: 'a2,b2' });
  });

  test('puts static members first, by their instance', () => {
    const members = [member('1', ['a']), member('9', ['a'], [], 1, 'i')];
    expect(shown(assignors.range(members, counts))).toEqual({ 9: 'a0,a1', 1: 'a2' });
  });

  test('leaves out who does not want a topic', () => {
    const members = [member('1', ['a']), member('2', ['b'])];
    expect(shown(assignors.range(members, counts))).toEqual({ 1: 'a0,a1,a2', 2: 'b0,b1,b2' });
  });
});

describe('round robin', () => {
  test('deals out all topics in turn', () => {
    const members = [member('1', ['a', 'b']), member('2', ['a', 'b'])];
    expect(shown(assignors.roundrobin(members, counts))).toEqual({ 1: 'a0,a2,b1', 2: 'a1,b0,b2' });
  });

  test('passes over who does not want a topic', () => {
    const members = [member('1', ['a']), member('2', ['a', 'b'])];
    expect(shown(assignors.roundrobin(members, counts))).toEqual({ 1: 'a0,a2', 2: 'a1,b0,b1,b2' });
  });
});

describe('cooperative-sticky', () => {
  const assign = assignors['cooperative-sticky'];

  test('balances what nobody owns', () => {
    const members = [member('1', ['a', 'b']), member('2', ['a', 'b'])];
    const sizes = [...assign(members, counts).values()].map(({ length }) => length);
    expect(sizes).toEqual([3, 3]);
  });

  test('gives what moves to nobody yet, and to its new owner in the next round', () => {
    const all = ['a0', 'a1', 'a2', 'b0', 'b1', 'b2'];
    const first = shown(assign([member('1', ['a', 'b'], all), member('2', ['a', 'b'])], counts));
    expect(first['1']!.split(',')).toHaveLength(3);
    expect(first['2']).toBe('');
    const kept = first['1']!.split(',');
    const second = shown(assign([member('1', ['a', 'b'], kept), member('2', ['a', 'b'])], counts));
    expect(second['1']).toBe(first['1']);
    expect(second['2']!.split(',').concat(kept).sort()).toEqual(all);
  });

  test('believes the later of two claims, and neither of two equal ones', () => {
    const later = shown(
      assign([member('1', ['a'], ['a0', 'a1'], 3), member('2', ['a'], ['a0'], 2)], new Map([['a', 2]])),
    );
    expect(later['2']).toBe('');
    const equal = shown(assign([member('1', ['a'], ['a0'], 2), member('2', ['a'], ['a0'], 2)], new Map([['a', 1]])));
    expect(Object.values(equal).sort()).toEqual(['', 'a0']);
  });

  test('stays as it is when it is balanced', () => {
    const members = [member('1', ['a', 'b'], ['a0', 'b1', 'b2']), member('2', ['a', 'b'], ['a1', 'a2', 'b0'])];
    expect(shown(assign(members, counts))).toEqual({ 1: 'a0,b1,b2', 2: 'a1,a2,b0' });
  });

  test('takes partitions from who no longer wants the topic or that no longer exist', () => {
    const members = [member('1', ['b'], ['a0', 'a1', 'a2']), member('2', ['a'], ['a9'])];
    const assignment = shown(assign(members, counts));
    expect(assignment['1']).toBe('b0,b1,b2');
    expect(assignment['2']).toBe('');
  });
});
