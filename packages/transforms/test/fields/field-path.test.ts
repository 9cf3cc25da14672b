import { describe, expect, it } from 'vitest';
import { fieldPathProblems, parseFieldPath } from '../../src/fields/field-path.ts';

describe('a field path', () => {
  it('is one name in V1, whatever it holds', () => {
    expect(parseFieldPath('a.`b`.c', 'V1').steps).toEqual(['a.`b`.c']);
    expect(parseFieldPath('', 'V1').steps).toEqual(['']);
  });

  it.each([
    ['a', ['a']],
    ['a.b.c', ['a', 'b', 'c']],
    ['a..b', ['a', '', 'b']],
    ['a.', ['a', '']],
    ['.a', ['', 'a']],
    ['`a.b`', ['a.b']],
    ['`a.b`.c', ['a.b', 'c']],
    ['a.`b.c`.d', ['a', 'b.c', 'd']],
    ['`a.b`.`c.d`', ['a.b', 'c.d']],
    ['`a`.', ['a', '']],
    ['``', ['']],
    ['a`b.c', ['a`b', 'c']],
    ['`a`b`.c', ['a`b', 'c']],
    ['`a\\`.b`.c', ['a`.b', 'c']],
    ['`a\\`b`', ['a\\`b']],
    ['__proto__.constructor', ['__proto__', 'constructor']],
  ])('%s in V2 has the names %j', (text, steps) => {
    expect(parseFieldPath(text, 'V2').steps).toEqual(steps);
  });

  it.each(['`a', 'a.`b', '`a\\`', '`', '`a`b', 'x.`a\\`.b'])(
    '%s is refused in V2: a backtick has no partner',
    (text) => {
      expect(() => parseFieldPath(text, 'V2')).toThrow(/Incomplete backtick pair in path: .* at position \d+/);
    },
  );

  it('names a problem of the key for each bad one', () => {
    expect(fieldPathProblems('fields', ['a.b', '`x', ''], 'V2').map(({ key, message }) => [key, message])).toEqual([
      ['fields', expect.stringContaining('`x')],
      ['fields', expect.stringContaining('at least one name')],
    ]);
  });
});
