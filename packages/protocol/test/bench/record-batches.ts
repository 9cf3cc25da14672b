/**
 * Records per second and bytes per second of the record batch writer and reader, beside a plain loop that only copies
 * the values. Run it with Node 24: `node packages/protocol/test/bench/record-batches.ts`.
 */
import { crc32cInJavaScript } from '../../src/checksums/crc32c.ts';
import { compress, crc32c, decompress, RecordBatchReader, RecordBatchWriter } from '../../src/index.ts';

const total = Number(process.argv[2] ?? 2_000_000);

function best(name: string, amount: number, unit: string, run: () => void): void {
  let milliseconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 4; round++) {
    const start = performance.now();
    run();
    milliseconds = Math.min(milliseconds, performance.now() - start);
  }
  const rate = amount / milliseconds / 1000;
  process.stdout.write(`${name.padEnd(44)} ${rate.toFixed(rate < 100 ? 2 : 0).padStart(8)} M${unit}/s\n`);
}

for (const [size, perBatch] of [
  [100, 2000],
  [1024, 500],
] as const) {
  const records = size > 500 ? total / 5 : total;
  const values = Array.from({ length: 2000 }, (_, index) => Buffer.alloc(size, 65 + (index % 26)));
  const key = Buffer.from('key');
  const memory = Buffer.allocUnsafeSlow(perBatch * (size + 64));
  const writer = new RecordBatchWriter();
  const now = Date.now();

  best(`${size} B: plain loop that copies`, records, ' records', () => {
    for (let index = 0; index < records; index += perBatch) {
      let position = 0;
      for (let item = 0; item < perBatch; item++) {
        memory.set(values[item % 2000]!, position);
        position += size;
      }
    }
  });
  best(`${size} B: append`, records, ' records', () => {
    for (let index = 0; index < records; index += perBatch) {
      writer.begin(memory);
      for (let item = 0; item < perBatch; item++) writer.append(now + item, null, values[item % 2000]!);
      writer.finish();
    }
  });
  best(`${size} B: append with key and header`, records, ' records', () => {
    const headers = [{ name: 'source', value: key }];
    for (let index = 0; index < records; index += perBatch) {
      writer.begin(memory);
      for (let item = 0; item < perBatch; item++) writer.append(now + item, key, values[item % 2000]!, headers);
      writer.finish();
    }
  });
  best(`${size} B: written in place`, records, ' records', () => {
    for (let index = 0; index < records; index += perBatch) {
      writer.begin(memory);
      for (let item = 0; item < perBatch; item++) {
        writer.beginRecord(now + item);
        writer.key(null);
        writer.beginValue();
        writer.reserve(size);
        writer.buffer.set(values[item % 2000]!, writer.position);
        writer.position += size;
        writer.endValue();
        writer.endRecord();
      }
      writer.finish();
    }
  });

  writer.begin();
  for (let item = 0; item < perBatch; item++) writer.append(now + item, null, values[item % 2000]!);
  const batch = writer.finish();
  for (const checksums of [true, false]) {
    const reader = new RecordBatchReader({ checksums });
    best(`${size} B: read${checksums ? '' : ' without checksums'}`, records, ' records', () => {
      let bytes = 0;
      for (let index = 0; index < records; index += perBatch) {
        reader.reset(batch);
        reader.nextBatch();
        while (reader.next()) bytes += reader.valueEnd - reader.valueStart;
      }
      if (bytes !== records * size) throw new Error('records are missing');
    });
  }
}

const lines = Buffer.from(
  Array.from(
    { length: 6000 },
    (_, index) => `{"id":${index * 7919},"name":"customer ${(index * 31) % 977}","ok":${index % 3 === 0}}`,
  ).join('\n'),
);
const rounds = 60;
for (const codec of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
  const compressed = compress(codec, lines, 0);
  const name = `${codec} (${((compressed.length / lines.length) * 100).toFixed(0)} % of ${lines.length} bytes of JSON)`;
  best(`${name}: compress`, lines.length * rounds, 'B', () => {
    for (let round = 0; round < rounds; round++) compress(codec, lines, 0);
  });
  best(`${name}: decompress`, lines.length * rounds, 'B', () => {
    for (let round = 0; round < rounds; round++) decompress(codec, compressed, 0, compressed.length, 1e9);
  });
}
for (const size of [16_384, 1_048_576]) {
  const bytes = Buffer.alloc(size, 'checksum');
  const repeat = 200_000_000 / size;
  best(`CRC-32C in JavaScript, ${size} B`, size * repeat, 'B', () => {
    for (let round = 0; round < repeat; round++) crc32cInJavaScript(bytes, 0, size);
  });
  best(`CRC-32C as used, ${size} B`, size * repeat, 'B', () => {
    for (let round = 0; round < repeat; round++) crc32c(bytes);
  });
}
