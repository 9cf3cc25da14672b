import { defineSource, fromIterable, int, Schema, SourceRecord, sleep, string } from '@millrace/api';

const reading = Schema.struct(
  { room: Schema.string, number: Schema.int64, celsius: Schema.float64, at: Schema.timestamp },
  { name: 'example.Reading' },
);

export const thermometer = defineSource({
  name: 'thermometer',
  version: '1.0.0',
  config: {
    topic: string('topic', { doc: 'Topic that receives the readings.', importance: 'high' }),
    room: string('room', { doc: 'Where the thermometer hangs.', default: 'cellar' }),
    pause: int('pause.ms', { doc: 'Milliseconds between two readings.', default: 1000, min: 1 }),
  },
  partition: { room: 'string' },
  offset: { number: 'int64' },
  exactlyOnce: () => 'supported',
  open: async ({ config, offsets, signal }) => {
    const { topic, room, pause } = config;
    const sourcePartition = offsets.partition({ room });
    const last = (await offsets.get(sourcePartition))?.number ?? 0n;

    async function* readings() {
      for (let number = last + 1n; ; number++) {
        const value = reading.create({ room, number, celsius: 18 + Math.sin(Number(number)), at: new Date() });
        yield new SourceRecord({ topic, valueSchema: reading, value, sourcePartition, sourceOffset: { number } });
        await sleep(pause, signal);
      }
    }
    return fromIterable(readings(), { signal });
  },
});
