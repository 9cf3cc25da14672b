import { describe, expect, it } from 'vitest';
import { compareVersions, parseVersionRange } from '../../src/plugins/plugin-version.ts';

describe('versions of plugins', () => {
  it('are ordered by their numbers, and what leads to a version comes before it', () => {
    const ordered = [
      '0.9',
      '1.0.0-SNAPSHOT',
      '1.0',
      '1.0.1-alpha',
      '1.0.1-rc.2',
      '1.0.1-rc.10',
      '1.0.1',
      '1.2',
      '1.10',
      '10.0',
    ];
    expect(ordered.toReversed().toSorted(compareVersions)).toEqual(ordered);
  });

  it.each([
    ['1', '1.0.0'],
    ['v1.2', '1.2'],
    ['1.2+build7', '1.2'],
    ['1.0-RC1', '1.0-rc1'],
  ])('%s is the same as %s', (a, b) => {
    expect(compareVersions(a, b)).toBe(0);
  });

  it.each([
    ['1.2', ['1.2', '1.2.0']],
    ['[1.2]', ['1.2', '1.2.0']],
    ['[1.2,2.0)', ['1.2', '1.2.0', '1.9', '2.0-rc1']],
    ['(1.2,2.0]', ['1.9', '2.0-rc1', '2.0']],
    ['(,1.2]', ['1.0', '1.2', '1.2.0']],
    ['[1.9,)', ['1.9', '2.0-rc1', '2.0', '3.1']],
    ['(,1.0],[3,)', ['1.0', '3.1']],
    ['latest', ['1.0', '1.2', '1.2.0', '1.9', '2.0-rc1', '2.0', '3.1']],
    ['', ['1.0', '1.2', '1.2.0', '1.9', '2.0-rc1', '2.0', '3.1']],
  ])('%s accepts %j', (text, accepted) => {
    const range = parseVersionRange(text);
    const all = ['1.0', '1.2', '1.2.0', '1.9', '2.0-rc1', '2.0', '3.1'];
    expect(all.filter((version) => range?.includes(version))).toEqual(accepted);
  });

  it.each(['[1.0', '(1.0)', '[]', '1.0]', '1.0 2.0', '[1,2,3]', '[1,2)x'])('%s is no range', (text) => {
    expect(parseVersionRange(text)).toBeUndefined();
  });
});
