import { parseConfig, SinkRecord, silentLogger } from '@millrace/api';
import { fileSinkConfig } from '../src/file-sink-config.ts';
import { open } from '../src/file-sink-task.ts';

/** Writes records from an offset on until it is killed, and says which offset it has committed. */

const [directory = '', from = '0', partitioner = 'default'] = process.argv.slice(2);
const { config } = parseConfig(fileSinkConfig, {
  directory,
  partitioner,
  'partition.fields': 'group',
  format: 'jsonl',
  compression: 'gzip',
  'rotate.bytes': '300000',
  'rotate.interval.ms': '20',
});
const task = open({ config, log: silentLogger, reportErrant: undefined, requestCommit: () => {}, taskConfig: {} });
for (let offset = Number(from); ; ) {
  const batch: SinkRecord[] = [];
  for (const end = offset + 500; offset < end; offset++) {
    const value = { id: offset, group: offset % 3, text: 'x'.repeat(50) };
    batch.push(new SinkRecord({ topic: 't', partition: 0, offset, value }));
  }
  await task.put(batch);
  const [committed] = await task.preCommit([{ topic: 't', partition: 0, offset }]);
  process.stdout.write(`${committed?.offset}\n`);
}
