import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReader } from '@millrace/kafka';
import type { System } from './systems.ts';

const distinctValues = 1000;
const sampled = 100;
let topics = 0;
let folder: string | undefined;

/** A file with values of that size, one in a line, from which both sides choose: making them up would be a part of the work. */
export function valuesOf(bytes: number): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  const path = join(folder, `values-${bytes}`);
  const letter = () => String.fromCharCode(65 + Math.floor(Math.random() * 26));
  const values = Array.from({ length: distinctValues }, () => Array.from({ length: bytes }, letter).join(''));
  writeFileSync(path, `${values.join('\n')}\n`);
  return path;
}

/** A topic of its own for each run. */
export async function newTopic({ admin }: System, partitions: number): Promise<string> {
  const name = `bench-${process.pid}-${++topics}`;
  const error = (await admin.createTopics([{ name, partitions, replicationFactor: 1 }])).get(name);
  if (error !== undefined) throw error;
  return name;
}

/** Throws unless the topic has that many records, and the first and last ones of each partition are values of the file. */
export async function checkRecords(system: System, topic: string, partitions: number, records: number, values: string) {
  const expected = new Set(readFileSync(values, 'latin1').trimEnd().split('\n'));
  const reader = createReader({ settings: { 'bootstrap.servers': system.bootstrap } });
  try {
    const all = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));
    const ends = await reader.endOffsets(all);
    const found = ends.reduce((sum, { offset }) => sum + offset, 0);
    if (found !== records) throw new Error(`${topic} has ${found} records instead of ${records}`);
    for (const { partition, offset: end } of ends) {
      for (const start of end === 0 ? [] : [0, Math.max(0, end - sampled)]) {
        reader.assign([{ topic, partition, offset: start }]);
        let left = Math.min(sampled, end - start);
        while (left > 0) {
          const fetched = await reader.poll(10_000);
          if (fetched.length === 0) throw new Error(`${topic}-${partition} gave nothing from offset ${start} on`);
          for (const batch of fetched) {
            for (; left > 0 && batch.next(); left--) {
              const { buffer, valueStart, valueEnd, offset } = batch.record;
              if (expected.has(buffer.toString('latin1', valueStart, valueEnd))) continue;
              throw new Error(`${topic}-${partition} has at offset ${offset} what was never written`);
            }
          }
        }
      }
    }
  } finally {
    await reader.close();
  }
}
