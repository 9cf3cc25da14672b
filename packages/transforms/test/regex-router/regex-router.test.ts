import { describe, expect, it } from 'vitest';
import { regexRouter } from '../../src/plugin.ts';
import { make, problemsOf, sinkRecord, sourceRecord } from '../make.ts';

describe('RegexRouter', () => {
  it('keeps where Kafka holds the record', async () => {
    const route = await make(regexRouter, { regex: '(.*)', replacement: 'copy-of-$1' });
    expect(route(sinkRecord())).toMatchObject({ topic: 'copy-of-orders', originalTopic: 'orders' });
  });

  it('gives a record back as it is when its topic does not match', async () => {
    const record = sourceRecord();
    expect((await make(regexRouter, { regex: 'order', replacement: 'x' }))(record)).toBe(record);
  });

  it('goes on when there are more topics than it remembers', async () => {
    const route = await make(regexRouter, { regex: 't(\\d+)', replacement: 'n$1' });
    const topics = Array.from(
      { length: 2500 },
      (_, index) => route(sourceRecord({ topic: `t${index % 1250}` }))?.topic,
    );
    expect(topics.slice(-2)).toEqual(['n1248', 'n1249']);
  });

  it('blames the record when the replacement names a group that the expression lacks', async () => {
    const route = await make(regexRouter, { regex: 'a.*', replacement: '$2' });
    expect(route(sourceRecord())?.topic).toBe('orders');
    expect(() => route(sourceRecord({ topic: 'abc' }))).toThrow(
      expect.objectContaining({ kind: 'data', topic: 'abc', message: expect.stringContaining('$2') }),
    );
  });

  it('names every problem of its configuration at once', async () => {
    expect(await problemsOf(regexRouter, { regex: '(' })).toEqual([
      ['regex', expect.stringContaining('Invalid regex: Unclosed group')],
      ['replacement', expect.stringContaining('Missing required configuration')],
    ]);
  });
});
