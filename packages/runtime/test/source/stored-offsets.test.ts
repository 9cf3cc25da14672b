import type { OffsetMap } from '@millrace/api';
import { expect, test } from 'vitest';
import { encodeOffsetKey, encodeOffsetValue } from '../../src/offsets/offset-json.ts';
import { SourcePartitions } from '../../src/source/source-partitions.ts';
import { storedOffsets } from '../../src/source/stored-offsets.ts';

function reading(stored: OffsetMap | null) {
  return storedOffsets({
    fields: { long: 'int64', safe: 'safeInt', double: 'float64', text: 'string', perhaps: 'boolean?' },
    services: { readOffsets: async (partitions) => partitions.map(() => stored) },
    partitions: new SourcePartitions(),
  });
}
const complete = { long: 5n, safe: 6n, double: 7n, text: 't' };

test('stored offsets have the declared types, whoever wrote them', async () => {
  expect(await reading({ ...complete, extra: 8n }).get({})).toEqual({
    long: 5n,
    safe: 6,
    double: 7,
    text: 't',
    perhaps: null,
    extra: 8n,
  });
  expect(await reading({ ...complete, long: 5 }).getAll([{}, {}])).toHaveLength(2);
  expect(await reading(null).get({})).toBe(undefined);
});

test('a stored offset that does not fit says what is wrong', async () => {
  const of = (offset: OffsetMap): Promise<unknown> => reading(offset).get({ file: 'f' });
  await expect(of({ ...complete, safe: 2n ** 60n })).rejects.toThrow(/has "1152921504606846976" as safe.*safeInt/);
  await expect(of({ ...complete, text: 1n })).rejects.toThrow(/\{"file":"f"\}.*text.*string/);
  await expect(of({ ...complete, long: 1.5 })).rejects.toThrow(/int64/);
  await expect(of({ safe: 1n, double: 1, text: 't' })).rejects.toThrow(/has no long/);
});

test('offsets are written as Java Connect writes them', () => {
  expect(encodeOffsetKey('rest-noeos-src', { filename: '/in1.txt' }).toString()).toBe(
    '["rest-noeos-src",{"filename":"/in1.txt"}]',
  );
  // As MirrorMaker's partitions stand in the recorded offsets topic.
  expect(encodeOffsetKey('mm', { topic: 't1', partition: 0, cluster: 'A' }).toString()).toBe(
    '["mm",{"cluster":"A","partition":0,"topic":"t1"}]',
  );
  expect(encodeOffsetValue({ position: 150n }).toString()).toBe('{"position":150}');
  expect(encodeOffsetValue({ ratio: 1 }, { ratio: 'float64' }).toString()).toBe('{"ratio":1.0}');
  expect(() => encodeOffsetValue({ at: Number.NaN })).toThrow(/Field at .* NaN/);
  expect(() => encodeOffsetValue({ at: 2n ** 63n })).toThrow(/Field at/);
});
