import { describe, expect, it } from 'vitest';
import { timestampRouter } from '../../src/plugin.ts';
import { make, sourceRecord } from '../make.ts';

describe('TimestampRouter', () => {
  it('formats in UTC, wherever it runs', async () => {
    const route = await make(timestampRouter, {
      'topic.format': '${timestamp}/${topic}',
      'timestamp.format': 'yyyyMMdd-HH',
    });
    expect(route(sourceRecord({ timestamp: 0 }))?.topic).toBe('19700101-00/orders');
  });

  it('takes a topic for no pattern', async () => {
    const route = await make(timestampRouter, { 'topic.format': '${topic}' });
    expect(route(sourceRecord({ topic: "$&-$1-$'", timestamp: 0 }))?.topic).toBe("$&-$1-$'");
  });

  it('refuses records without a timestamp', async () => {
    const route = await make(timestampRouter);
    expect(() => route(sourceRecord())).toThrow(
      expect.objectContaining({ kind: 'data', topic: 'orders', part: 'timestamp' }),
    );
  });

  it('blames the record for a bad pattern, as Java does', async () => {
    const route = await make(timestampRouter, { 'timestamp.format': 'yyyy-bb' });
    expect(() => route(sourceRecord({ timestamp: 0 }))).toThrow(
      expect.objectContaining({ kind: 'data', message: expect.stringContaining('timestamp.format') }),
    );
  });
});
