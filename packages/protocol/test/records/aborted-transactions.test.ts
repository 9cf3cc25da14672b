import { expect, test } from 'vitest';
import { AbortedTransactions, encodeControlBatch, RecordBatchReader, RecordBatchWriter } from '../../src/index.ts';

/** A log in short: `A1` is a transactional batch of producer A, `A-` its abort, `A+` its commit, `x` a plain batch. */
function log(script: string): Buffer {
  const sequences = new Map<string, number>();
  return Buffer.concat(
    script.split(' ').map((step, offset) => {
      const name = step.charAt(0);
      const producerId = name.charCodeAt(0);
      if (step.endsWith('-') || step.endsWith('+')) {
        const type = step.endsWith('-') ? 'abort' : 'commit';
        return encodeControlBatch({
          type,
          producerId,
          producerEpoch: 0,
          coordinatorEpoch: 0,
          timestamp: 1,
          baseOffset: offset,
        });
      }
      const writer = new RecordBatchWriter();
      writer.begin();
      writer.append(1, null, Buffer.from(step));
      if (name === 'x') return writer.finish({ baseOffset: offset });
      const baseSequence = sequences.get(name) ?? 0;
      sequences.set(name, baseSequence + 1);
      return writer.finish({
        transactional: true,
        producer: { producerId, producerEpoch: 0, baseSequence },
        baseOffset: offset,
      });
    }),
  );
}

function visible(bytes: Buffer, aborted: [producer: string, firstOffset: number][]): string {
  const filter = new AbortedTransactions(
    aborted.map(([name, firstOffset]) => ({ producerId: name.charCodeAt(0), firstOffset })),
  );
  const reader = new RecordBatchReader();
  reader.reset(bytes);
  const values: string[] = [];
  while (reader.nextBatch()) {
    if (filter.skips(reader)) continue;
    while (reader.next()) values.push(reader.buffer.toString('utf8', reader.valueStart, reader.valueEnd));
  }
  return values.join(' ');
}

test('aborted and committed transactions of one producer in turns', () => {
  const bytes = log('A1 A- A2 A+ A3 A- A4 A+');
  expect(
    visible(bytes, [
      ['A', 0],
      ['A', 4],
    ]),
  ).toBe('A2 A4');
});

test('interleaved producers and records outside of transactions', () => {
  const bytes = log('A1 B1 x A2 B2 A- B3 x2 B+ A3 A+');
  expect(visible(bytes, [['A', 0]])).toBe('B1 x B2 B3 x2 A3');
});

test('a transaction that began before the fetch and ends after it', () => {
  expect(visible(log('A5 A6 x A7'), [['A', -100]])).toBe('x');
});

test('without aborted transactions only the markers are left out', () => {
  const bytes = log('A1 A+ x');
  const filter = new AbortedTransactions(null);
  const reader = new RecordBatchReader();
  reader.reset(bytes);
  const skipped: boolean[] = [];
  while (reader.nextBatch()) skipped.push(filter.skips(reader));
  expect(skipped).toEqual([false, true, false]);
});
