import { readFileSync } from 'node:fs';
import { createProducer, createReader, type PartitionReader } from '@millrace/kafka';
import type { System } from '../kafka/systems.ts';
import { isLast, type Lines, lineHash } from './lines.ts';

/** How lines lie in a topic. */
export type LineFormat = 'string' | 'json';

const partition = 0;
/** Where a transaction ends there is a record of control behind the last one. */
const tail = 8;
let topics = 0;

/** A topic of one partition; the broker notes when it has appended each batch. */
export async function newLineTopic({ admin }: System): Promise<string> {
  const name = `lines-${process.pid}-${++topics}`;
  const configs = { 'message.timestamp.type': 'LogAppendTime' };
  const error = (await admin.createTopics([{ name, partitions: 1, replicationFactor: 1, configs }])).get(name);
  if (error !== undefined) throw error;
  return name;
}

export function openReader({ bootstrap }: System): PartitionReader {
  return createReader({ settings: { 'bootstrap.servers': bootstrap, 'isolation.level': 'read_committed' } });
}

export async function fillTopic(
  { bootstrap }: System,
  topic: string,
  { path }: Lines,
  format: LineFormat,
): Promise<void> {
  const producer = createProducer({ settings: { 'bootstrap.servers': bootstrap } });
  try {
    await producer.loadTopic(topic);
    let failure: Error | undefined;
    const target = {
      acknowledged: () => undefined,
      failed: (_: unknown, error: Error) => {
        failure ??= error;
      },
    };
    for (const text of readFileSync(path, 'latin1').trimEnd().split('\n')) {
      if (!producer.hasRoom) await producer.room();
      const appender = producer.appender(topic, partition);
      const writer = appender.begin(Date.now());
      writer.key(null);
      writer.value(Buffer.from(format === 'json' ? envelope(text) : text));
      appender.end(target);
    }
    await producer.flush();
    if (failure !== undefined) throw failure;
  } finally {
    await producer.close();
  }
}

/** Whether the last line can be read. */
export async function hasLastLine(reader: PartitionReader, topic: string, lines: Lines, format: LineFormat) {
  const [end] = await reader.endOffsets([{ topic, partition }]);
  if (end === undefined || end.offset < lines.count) return false;
  let found = false;
  await readLines(reader, topic, Math.max(0, end.offset - tail), format, (text) => {
    found = isLast(text, lines);
  });
  return found;
}

/**
 * Throws unless the topic has exactly these lines in their order.
 *
 * @returns seconds between the first and the last record, by the broker's clock.
 */
export async function checkLines(reader: PartitionReader, topic: string, lines: Lines, format: LineFormat) {
  const hash = lineHash();
  let count = 0;
  let first = 0;
  let last = 0;
  await readLines(reader, topic, 0, format, (text, timestamp) => {
    if (count++ === 0) first = timestamp;
    last = timestamp;
    hash.add(text);
  });
  if (count !== lines.count) throw new Error(`${topic} has ${count} records instead of ${lines.count}`);
  if (hash.digest() !== lines.hash) throw new Error(`${topic} has other lines than the file, or another order`);
  return (last - first) / 1000;
}

async function readLines(
  reader: PartitionReader,
  topic: string,
  offset: number,
  format: LineFormat,
  each: (text: string, timestamp: number) => void,
): Promise<void> {
  reader.assign([]);
  reader.assign([{ topic, partition, offset }]);
  await reader.readToEnd((fetched) => {
    while (fetched.next()) {
      const { buffer, valueStart, valueEnd, timestamp } = fetched.record;
      const text = buffer.toString('utf8', valueStart, valueEnd);
      each(format === 'json' ? (JSON.parse(text) as { readonly payload: string }).payload : text, timestamp);
    }
  });
  reader.assign([]);
}

/** As JsonConverter writes a text with its schema. */
const envelope = (payload: string): string => JSON.stringify({ schema: { type: 'string', optional: false }, payload });
