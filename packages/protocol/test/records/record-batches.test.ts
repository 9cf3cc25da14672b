import { describe, expect, test } from 'vitest';
import {
  batchBaseOffset,
  batchLastOffset,
  batchProducerState,
  batchSize,
  type CompressionCodec,
  encodeControlBatch,
  RecordBatchReader,
  RecordBatchWriter,
  readControlType,
  readCoordinatorEpoch,
  setBatchBaseOffset,
  setBatchLogAppendTime,
  setBatchProducerState,
} from '../../src/index.ts';
import { readVectors } from '../vectors.ts';
import { type PlainRecord, readRecords } from './read-records.ts';

interface Vector {
  readonly codec: CompressionCodec;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly partitionLeaderEpoch: number;
  readonly maxTimestamp: number;
  readonly logAppendTime: boolean;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly transactional: boolean;
  readonly control: boolean;
  readonly records: PlainRecord[];
  readonly bytes: string;
  readonly marker?: 'abort' | 'commit';
  readonly coordinatorEpoch?: number;
}

const { batches, large } = readVectors<{ batches: Vector[]; large: { codec: CompressionCodec; bytes: string }[] }>(
  'records',
);

const decode = (base64: string) => Buffer.from(base64, 'base64');
const nullable = (base64: string | null) => (base64 === null ? null : decode(base64));

/** Batches whose records follow each other without gaps, as a writer makes them. */
const written = batches.filter(({ baseOffset, lastOffset, records }) => records.length === lastOffset - baseOffset + 1);

function optionsOf(vector: Vector) {
  return {
    compression: vector.codec,
    producer: vector,
    transactional: vector.transactional,
    control: vector.control,
    baseOffset: vector.baseOffset,
    partitionLeaderEpoch: vector.partitionLeaderEpoch,
  };
}

/** Writes the records of a vector with one of the two ways that the writer has. */
function write(vector: Vector, way: 'whole' | 'in place'): Buffer {
  const writer = new RecordBatchWriter();
  writer.begin(Buffer.alloc(64));
  for (const [, timestamp, key, value, headers] of vector.records) {
    if (way === 'whole') {
      const list = headers.map(([name, bytes]) => ({ name, value: nullable(bytes) }));
      writer.append(timestamp, nullable(key), nullable(value), list);
      continue;
    }
    writer.beginRecord(timestamp);
    writer.beginKey();
    writer.endKey(writeInPlace(writer, key));
    writer.beginValue();
    writer.endValue(writeInPlace(writer, value));
    if (headers.length > 0) writer.headers(headers.length);
    for (const [name, bytes] of headers) {
      writer.beginHeader(name);
      writer.endHeader(writeInPlace(writer, bytes));
    }
    writer.endRecord();
  }
  const finished = writer.finish(optionsOf(vector));
  if (vector.logAppendTime) setBatchLogAppendTime(finished, vector.maxTimestamp);
  return finished;
}

/** As a converter writes: byte for byte into a buffer that may be replaced. */
function writeInPlace(writer: RecordBatchWriter, base64: string | null): boolean {
  const bytes = nullable(base64);
  for (const byte of bytes ?? Buffer.from('left behind')) {
    writer.reserve(1);
    writer.buffer[writer.position++] = byte;
  }
  return bytes !== null;
}

describe.each(batches.map((vector, index) => [`${index} ${vector.codec}`, vector] as const))(
  'batch of Java %s',
  (_name, vector) => {
    test('is read', () => {
      const reader = new RecordBatchReader();
      reader.reset(decode(vector.bytes));
      expect(reader.nextBatch()).toBe(true);
      expect(reader).toMatchObject({
        compression: vector.codec,
        baseOffset: vector.baseOffset,
        lastOffset: vector.lastOffset,
        partitionLeaderEpoch: vector.partitionLeaderEpoch,
        maxTimestamp: vector.maxTimestamp,
        timestampType: vector.logAppendTime ? 'logAppend' : 'create',
        producerId: vector.producerId,
        producerEpoch: vector.producerEpoch,
        baseSequence: vector.baseSequence,
        isTransactional: vector.transactional,
        isControl: vector.control,
        recordCount: vector.records.length,
        nextOffset: vector.lastOffset + 1,
      });
      expect(readRecords(reader)).toEqual(vector.records);
      expect(reader.nextBatch()).toBe(false);
      expect(reader.remainingBytes).toBe(0);
    });
  },
);

describe('a batch written here', () => {
  test.each(['whole', 'in place'] as const)('has the same bytes as that of Java, records written %s', (way) => {
    for (const vector of written) {
      if (vector.codec !== 'none' || vector.logAppendTime) continue;
      expect(write(vector, way).toString('base64')).toBe(vector.bytes);
    }
  });

  test.each(['whole', 'in place'] as const)('of any kind is read again, records written %s', (way) => {
    for (const vector of written) {
      const reader = new RecordBatchReader();
      reader.reset(write(vector, way));
      expect(reader.nextBatch()).toBe(true);
      expect(readRecords(reader)).toEqual(vector.records);
    }
  });

  test('of many records has lengths and deltas of all sizes', () => {
    const writer = new RecordBatchWriter();
    const reader = new RecordBatchReader();
    writer.begin();
    for (let index = 0; index < 20_000; index++) {
      const length = (index * 37) % 300;
      writer.append(index, null, Buffer.alloc(length, index));
    }
    reader.reset(writer.finish());
    expect(reader.nextBatch()).toBe(true);
    let count = 0;
    while (reader.next()) {
      if (reader.valueEnd - reader.valueStart !== (count * 37) % 300)
        throw new Error(`record ${count} has a wrong length`);
      if (reader.offset !== count || reader.timestamp !== count) throw new Error(`record ${count} is misplaced`);
      if (reader.valueStart < reader.valueEnd && reader.buffer[reader.valueEnd - 1] !== (count & 255)) {
        throw new Error(`record ${count} has a wrong value`);
      }
      count++;
    }
    expect(count).toBe(20_000);
  });

  test('does not hold what was rolled back', () => {
    const writer = new RecordBatchWriter();
    writer.begin(Buffer.alloc(64));
    writer.beginRecord(9_000_000_000_000);
    writer.rollback();
    writer.append(1000, null, Buffer.from('a'));
    writer.beginRecord(5_000_000);
    writer.key(Buffer.alloc(300));
    writer.beginValue();
    writer.reserve(1000);
    writer.position += 1000;
    writer.rollback();
    writer.rollback();
    writer.append(1001, null, Buffer.from('b'));
    expect(writer.recordCount).toBe(2);
    const reader = new RecordBatchReader();
    reader.reset(writer.finish());
    reader.nextBatch();
    expect(reader.maxTimestamp).toBe(1001);
    expect(readRecords(reader)).toEqual([
      [0, 1000, null, 'YQ==', []],
      [1, 1001, null, 'Yg==', []],
    ]);
  });

  test('stays as it is when the next one is begun, and its memory can be used again', () => {
    const writer = new RecordBatchWriter();
    writer.begin();
    writer.append(1, null, Buffer.from('one'));
    const one = writer.finish();
    const copy = Buffer.from(one);
    writer.begin();
    writer.append(2, null, Buffer.from('two'));
    const two = writer.finish();
    expect(one).toEqual(copy);
    writer.begin(Buffer.from(one.buffer));
    writer.append(3, null, Buffer.from('three'));
    expect(writer.finish().buffer).toBe(one.buffer);
    expect(batchSize(two)).toBe(two.length);
  });

  test('gets its place in the log and another producer afterwards', () => {
    const writer = new RecordBatchWriter();
    writer.begin();
    writer.append(1, null, Buffer.from('one'));
    writer.append(1, null, Buffer.from('two'));
    const batch = writer.finish({ producer: { producerId: 5, producerEpoch: 1, baseSequence: 10 } });
    setBatchBaseOffset(batch, 1_000_000_000_000, 4);
    setBatchProducerState(batch, { producerId: 5, producerEpoch: 2, baseSequence: 0 });
    const reader = new RecordBatchReader();
    reader.reset(batch);
    expect(reader.nextBatch()).toBe(true);
    expect(reader).toMatchObject({ producerEpoch: 2, baseSequence: 0, partitionLeaderEpoch: 4 });
    expect(readRecords(reader)[1]?.[0]).toBe(1_000_000_000_001);
    expect([batchBaseOffset(batch), batchLastOffset(batch)]).toEqual([1_000_000_000_000, 1_000_000_000_001]);
    expect(batchProducerState(batch)).toEqual({ producerId: 5, producerEpoch: 2, baseSequence: 0 });
  });

  const begin = (writer: RecordBatchWriter) => {
    writer.key(null);
    writer.value(null);
    return writer;
  };
  test.each<[string, (writer: RecordBatchWriter) => unknown, RegExp]>([
    ['a value before the key', (writer) => writer.value(null), /expects a key, not a value/],
    ['a key twice', (writer) => begin(writer).key(null), /expects headers, not a key/],
    ['the end of a record without a value', (writer) => writer.endRecord(), /expects a key/],
    ['a batch that ends within a record', (writer) => writer.finish(), /expects a key, not a record/],
    [
      'fewer headers than announced',
      (writer) => {
        begin(writer).headers(1);
        writer.endRecord();
      },
      /1 headers fewer/,
    ],
    [
      'more headers than announced',
      (writer) => {
        begin(writer).headers(0);
        writer.header('a', null);
      },
      /more headers/,
    ],
  ])('refuses %s', (_what, misuse, message) => {
    const writer = new RecordBatchWriter();
    writer.begin();
    writer.beginRecord(1);
    expect(() => misuse(writer)).toThrow(message);
  });

  test.each([-2, 1.5, Number.NaN, 2 ** 53])('refuses %d as a timestamp', (timestamp) => {
    const writer = new RecordBatchWriter();
    writer.begin();
    expect(() => writer.append(timestamp, null, null)).toThrow(/not a record timestamp/);
    expect(writer.recordCount).toBe(0);
  });
});

describe('markers of transactions', () => {
  const markers = batches.filter((vector) => vector.marker !== undefined);

  test('are those of Java', () => {
    expect(markers.map(({ marker }) => marker)).toEqual(['abort', 'commit']);
    for (const vector of markers) {
      const reader = new RecordBatchReader();
      reader.reset(decode(vector.bytes));
      reader.nextBatch();
      expect(reader.next()).toBe(true);
      expect(readControlType(reader)).toBe(vector.marker);
      expect(readCoordinatorEpoch(reader)).toBe(vector.coordinatorEpoch);
      const { producerId, producerEpoch, baseOffset, partitionLeaderEpoch } = vector;
      const encoded = encodeControlBatch({
        type: vector.marker!,
        producerId,
        producerEpoch,
        baseOffset,
        partitionLeaderEpoch,
        coordinatorEpoch: 12,
        timestamp: vector.maxTimestamp,
      });
      expect(encoded.toString('base64')).toBe(vector.bytes);
    }
  });
});

describe('a reader', () => {
  const [first] = batches as [Vector];
  const batch = decode(first.bytes);

  test.each(large.map(({ codec, bytes }) => [codec, bytes] as const))('reads many blocks of %s', (_codec, bytes) => {
    const reader = new RecordBatchReader();
    reader.reset(decode(bytes));
    reader.nextBatch();
    for (let index = 0; index < 1500; index++) {
      if (!reader.next()) throw new Error(`only ${index} records`);
      const text = 'abcdefgh'.repeat(index % 7);
      const line = `{"id":${index},"square":${index * index},"text":"${text}"}`;
      if (reader.buffer.toString('utf8', reader.valueStart, reader.valueEnd) !== line) {
        throw new Error(`record ${index} differs`);
      }
    }
    expect(reader.next()).toBe(false);
  });

  test('walks over several batches, stops at a partial one, and passes over what was not read', () => {
    const reader = new RecordBatchReader();
    const bytes = Buffer.concat([batch, batch, batch.subarray(0, batch.length - 1)]);
    reader.reset(bytes);
    expect(reader.nextBatch()).toBe(true);
    expect(reader.next()).toBe(true);
    expect(reader.nextBatch()).toBe(true);
    expect(reader.batchStart).toBe(batch.length);
    expect(readRecords(reader)).toHaveLength(first.records.length);
    expect(reader.nextBatch()).toBe(false);
    expect(reader.next()).toBe(false);
    expect(reader.remainingBytes).toBe(batch.length - 1);
    expect(reader.nextOffset).toBe(first.lastOffset + 1);
  });

  test('reads a range of a larger buffer', () => {
    const reader = new RecordBatchReader();
    reader.reset(Buffer.concat([Buffer.from('abc'), batch, Buffer.from('de')]), 3, 3 + batch.length);
    expect(reader.nextBatch()).toBe(true);
    expect(readRecords(reader)).toEqual(first.records);
    expect(reader.nextBatch()).toBe(false);
  });

  test('refuses a batch whose checksum is wrong, unless checksums are off', () => {
    const corrupt = Buffer.from(batch);
    corrupt[70] = corrupt[70]! ^ 1;
    const reader = new RecordBatchReader();
    reader.reset(corrupt);
    expect(() => reader.nextBatch()).toThrow(expect.objectContaining({ code: 'CHECKSUM' }));
    const trusting = new RecordBatchReader({ checksums: false });
    trusting.reset(corrupt);
    expect(trusting.nextBatch()).toBe(true);
  });

  test.each([0, 1])('refuses message format %i and says so', (magic) => {
    const old = Buffer.from(batch);
    old[16] = magic;
    const reader = new RecordBatchReader();
    reader.reset(old);
    expect(() => reader.nextBatch()).toThrow(`offset 42 are in message format ${magic}, from before Kafka 0.11`);
  });

  test('refuses offsets that a number cannot hold', () => {
    const far = Buffer.from(batch);
    far.writeBigInt64BE(2n ** 53n, 0);
    const reader = new RecordBatchReader();
    reader.reset(far);
    expect(() => reader.nextBatch()).toThrow(/cannot hold exactly/);
  });

  test.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('refuses %s beyond its limit', (compression) => {
    const writer = new RecordBatchWriter();
    writer.begin();
    writer.append(1, null, Buffer.alloc(1_000_000));
    const bomb = writer.finish({ compression });
    const reader = new RecordBatchReader({ maxDecompressedBytes: 900_000 });
    reader.reset(bomb);
    expect(reader.nextBatch()).toBe(true);
    expect(() => reader.next()).toThrow(
      expect.objectContaining({ code: 'TOO_LARGE', path: 'record batch at offset 0' }),
    );
  });
});
