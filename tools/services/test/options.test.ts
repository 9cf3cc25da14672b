import { expect, test } from 'vitest';
import { parseOptions, resolveOptions } from '../src/options.ts';
import { definitionOf } from '../src/services/catalog.ts';

const resolve = (name: string, given: Record<string, string>) => resolveOptions(name, definitionOf(name), given);

test('a value may be empty and may contain equals signs', () => {
  expect(parseOptions(['a=', 'b=c=d'])).toEqual({ a: '', b: 'c=d' });
});

test('a word without a key or an equals sign is refused by name', () => {
  expect(() => parseOptions(['heap'])).toThrow('not KEY=VALUE: heap');
  expect(() => parseOptions(['=x'])).toThrow('not KEY=VALUE: =x');
});

test('options are completed by their defaults, other keys are settings', () => {
  const { options, settings } = resolve('kafka', { heap: '1g', 'num.partitions': '3' });
  expect(options).toEqual({ heap: '1g', log: 'WARN', proxy: '' });
  expect([...settings]).toEqual([['num.partitions', '3']]);
});

test('a service without a configuration of its own refuses other keys and names its options', () => {
  expect(() => resolve('s3', { heap: '1g' })).toThrow(
    's3 has no option heap; it has: access, secret, region, bucket, sidecar',
  );
});
