import { describe, expect, it } from 'vitest';
import { readConsumed, readProduced } from '../src/kafka/java-tools.ts';

describe("what Java's tools print", () => {
  it('is read from the line at the end of ProducerPerformance, not from those in between', () => {
    const output = [
      '1200000 records sent, 239952.0 records/sec (22.88 MB/sec), 40.1 ms avg latency, 300.0 ms max latency.',
      '3000000 records sent, 250000.0 records/sec (23.84 MB/sec), 39.20 ms avg latency, 300.00 ms max latency, 2 ms 50th, 9 ms 95th, 12 ms 99th, 14 ms 99.9th.',
      '',
    ].join('\n');
    expect(readProduced(output)).toEqual({ records: 3_000_000, seconds: 12 });
  });

  it('is read from the columns of ConsumerPerformance, without the time of the rebalance', () => {
    const output = [
      'start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec',
      '2026-01-01 10:00:00:000, 2026-01-01 10:00:03:000, 95.3674, 31.7, 1000000, 333333.3, 1000, 2000, 47.6, 500000.0',
    ].join('\n');
    const { bytes = 0, ...work } = readConsumed(output);
    expect(work).toEqual({ records: 1_000_000, seconds: 2 });
    expect(Math.round(bytes / 1000)).toBe(100_000);
  });

  it('is refused where there is no result', () => {
    expect(() => readProduced('org.apache.kafka.common.errors.TimeoutException')).toThrow(/no result:\norg.apache/);
    expect(() => readConsumed('WARNING: nothing\n')).toThrow(/no result:\nWARNING/);
  });
});
