import { type OffsetOf, parseConfig, type SourceRecord, silentLogger, toBytes } from '@millrace/api';
import { jsonConverter } from '@millrace/converters/plugin';
import { thermometer } from './thermometer.ts';

/** What a worker will do, by hand: start the connector, poll it, convert what it gives, and remember how far it came. */

const { config } = parseConfig(thermometer.config, { topic: 'temperatures', room: 'attic', 'pause.ms': '20' });
const json = await jsonConverter.create({
  config: parseConfig(jsonConverter.config, { 'converter.type': 'value', 'schemas.enable': 'false' }).config,
  part: 'value',
  log: silentLogger,
  signal: new AbortController().signal,
});
let stored: OffsetOf<typeof thermometer.offset> | undefined;

await readSome('first run', 3);
await readSome('second run, from where the first stopped', 2);

async function readSome(title: string, count: number): Promise<void> {
  console.log(`${title}:`);
  const stop = new AbortController();
  const task = await thermometer.open({
    config,
    taskConfig: {},
    log: silentLogger,
    metrics: { gauge: () => {}, counter: () => () => {} },
    signal: stop.signal,
    offsets: {
      get: async () => stored,
      getAll: async (partitions) => partitions.map(() => stored),
      partition: (partition) => partition,
    },
    transaction: undefined,
    reconfigure: () => {},
    raiseError: (error) => {
      throw error;
    },
  });
  for (let left = count; left > 0; ) {
    for (const record of ((await task.poll()) ?? []).slice(0, left)) {
      print(record);
      stored = record.sourceOffset ?? stored;
      left--;
    }
  }
  stop.abort();
  await task.close?.();
}

function print({ topic, valueSchema, value }: Pick<SourceRecord, 'topic' | 'valueSchema' | 'value'>): void {
  console.log(`  ${topic}  ${toBytes(json, topic, valueSchema, value)}`);
}
