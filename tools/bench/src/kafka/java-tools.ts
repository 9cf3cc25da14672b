import { join } from 'node:path';
import type { Work } from '../processes/contest.ts';
import type { Meter } from '../processes/meter.ts';
import type { System } from './systems.ts';

interface JavaWork {
  readonly topic: string;
  readonly records: number;
  readonly settings: Readonly<Record<string, string>>;
}

/** What Kafka's own scripts give to the JVM, besides the size of the heap. */
const jvmOptions = [
  '-server',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-XX:InitiatingHeapOccupancyPercent=35',
  '-XX:+ExplicitGCInvokesConcurrent',
  '-Djava.awt.headless=true',
];

/** ProducerPerformance; it counts from when the producer is made until everything is acknowledged. */
export async function javaProduce(
  meter: Meter,
  { bootstrap, classPath }: System,
  { topic, records, settings, values }: JavaWork & { readonly values: string },
): Promise<Work> {
  const output = await meter.run('client', [
    ...java(classPath, 'org.apache.kafka.tools.ProducerPerformance'),
    ...['--bootstrap-server', bootstrap, '--topic', topic, '--num-records', String(records)],
    ...['--throughput', '-1', '--payload-file', values, '--command-property', ...properties(settings)],
  ]);
  return readProduced(output);
}

/** The line at the end, the only one with percentiles: `3000000 records sent, 450000.5 records/sec (…), …, 9 ms 99.9th.` */
export function readProduced(output: string): Work {
  const found = /^(\d+) records sent, ([\d.]+) records\/sec.* 99\.9th/m.exec(output);
  if (found === null) throw new Error(`ProducerPerformance printed no result:\n${output}`);
  const records = Number(found[1]);
  return { records, seconds: records / Number(found[2]) };
}

/** ConsumerPerformance; it counts from when its group has given it the partitions until the last record. */
export async function javaConsume(
  meter: Meter,
  { bootstrap, classPath }: System,
  { topic, records, settings }: JavaWork,
): Promise<Work> {
  const options = properties(settings).flatMap((property) => ['--command-property', property]);
  const output = await meter.run('client', [
    ...java(classPath, 'org.apache.kafka.tools.ConsumerPerformance'),
    ...['--bootstrap-server', bootstrap, '--topic', topic, '--num-records', String(records), ...options],
  ]);
  return readConsumed(output);
}

/** A line of names and one of values, with commas. */
export function readConsumed(output: string): Work {
  const lines = output.split('\n').map((line) => line.split(',').map((cell) => cell.trim()));
  const at = lines.findIndex(([first]) => first === 'start.time');
  const value = (name: string): number => Number(lines[at + 1]?.[lines[at]?.indexOf(name) ?? -1]);
  const records = value('data.consumed.in.nMsg');
  const seconds = value('fetch.time.ms') / 1000;
  if (at < 0 || !(seconds > 0)) throw new Error(`ConsumerPerformance printed no result:\n${output}`);
  return { records, seconds, bytes: value('data.consumed.in.MB') * 1024 * 1024 };
}

/** As `kafka-producer-perf-test.sh` and `kafka-consumer-perf-test.sh`. */
const java = (classPath: string, main: string): string[] => javaProgram(['-Xmx512M'], classPath, main);

/** A program of Kafka's class path, with what Kafka's scripts give to the JVM. */
export function javaProgram(heap: readonly string[], classPath: string, main: string): string[] {
  const home = process.env['JAVA_HOME'];
  return [home === undefined ? 'java' : join(home, 'bin', 'java'), ...heap, ...jvmOptions, '-cp', classPath, main];
}

const properties = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).map(([name, value]) => `${name}=${value}`);
