import type { TopicPartition } from '@millrace/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeSinkMembers } from '../../src/sink/sink-members.ts';
import { Collector, eventually, SinkTest } from './support/sink-test.ts';

let sink: SinkTest;
beforeEach(async () => {
  sink = await SinkTest.start();
});
afterEach(() => sink.close());

/** Notes what becomes of its partitions. */
class Member extends Collector {
  readonly events: string[] = [];
  readonly #flushMs: number;

  constructor(flushMs = 0) {
    super();
    this.#flushMs = flushMs;
  }

  partitionsAssigned(partitions: readonly TopicPartition[]): void {
    this.events.push(`assigned ${named(partitions)}`);
  }

  partitionsRevoked(partitions: readonly TopicPartition[], lost: boolean): void {
    this.events.push(`${lost ? 'lost' : 'revoked'} ${named(partitions)}`);
  }

  async flush(): Promise<void> {
    this.events.push('flush');
    await new Promise((resolve) => setTimeout(resolve, this.#flushMs));
  }
}

function named(partitions: readonly TopicPartition[]): string {
  return partitions
    .map(({ partition }) => partition)
    .sort((one, other) => one - other)
    .join();
}

for (const strategy of ['range', 'cooperative-sticky']) {
  test(`${strategy}: a second task gets its share after the first has committed it, and nothing comes twice`, async () => {
    await sink.topic('numbers', 4);
    await sink.produceNumbers('numbers', 1000, 4);
    const consumer = { 'partition.assignment.strategy': strategy };
    const first = new Member(20);
    const second = new Member();
    sink.start(() => first, { consumer });
    await eventually(() => first.values.length === 1000, 'delivery');
    sink.start(() => second, { consumer, task: 1 });
    await eventually(() => second.events.length > 0, 'assignment of the second task');
    const committed = await sink.committed();
    await sink.produceNumbers('numbers', 1000, 4);
    await eventually(() => first.values.length + second.values.length >= 2000, 'delivery');
    expect(first.values.length + second.values.length).toBe(2000);
    expect(second.values.length).toBe(500);
    expect(first.events.indexOf('flush')).toBeLessThan(first.events.findIndex((event) => event.startsWith('revoked')));
    for (const { topic, partition, offset } of second.records) {
      expect(offset).toBeGreaterThanOrEqual(committed[`${topic}-${partition}`] as number);
    }
  });
}

test('records that are held are dropped when their partition goes, and put by who gets it', async () => {
  const { RetriableError } = await import('@millrace/api');
  await sink.topic('numbers', 2);
  await sink.produceNumbers('numbers', 20, 2);
  let refused = 0;
  let refusing = true;
  const first = new Collector();
  const second = new Collector();
  sink.start((context) => ({
    put: (records) => {
      if (records.length > 0 && refusing) {
        refused++;
        context.retryAfter(50);
        throw new RetriableError('not yet');
      }
      first.put(records);
    },
  }));
  await eventually(() => refused > 0, 'a refused put');
  const other = sink.start(() => second, { task: 1 });
  await eventually(() => second.values.length === 10, 'delivery by the second task');
  refusing = false;
  await eventually(() => first.values.length === 10, 'delivery by the first task');
  expect(new Set([...first.values, ...second.values]).size).toBe(20);
  expect(other.failure).toBeUndefined();
});

test('a task that is stopped keeps its place: one that starts again has its partitions at once, and the other none of them', async () => {
  await sink.topic('numbers', 2);
  const first = new Member();
  const other = new Member();
  const task = sink.start(() => first);
  sink.start(() => other, { task: 1 });
  await eventually(() => first.events.at(-1) === 'assigned 0' && other.events.at(-1) === 'assigned 1', 'balance');
  const seen = other.events.length;
  task.stop();
  await task.over;
  const again = new Member();
  const started = Date.now();
  sink.start(() => again);
  await eventually(() => again.events.length > 0, 'assignment');
  expect(Date.now() - started).toBeLessThan(5_000);
  expect(again.events).toEqual(['assigned 0']);
  expect(other.events.length).toBe(seen);
});

test('a task that starts elsewhere fences its zombie, which fails with the cause and commits nothing', async () => {
  await sink.produceNumbers('numbers', 10);
  const zombie = new Member();
  const running = sink.start(() => zombie);
  await eventually(() => zombie.values.length === 10, 'delivery');
  const heir = new Member();
  const started = Date.now();
  sink.start(() => heir);
  await eventually(() => heir.values.length === 10, 'delivery to the new one');
  await expect(running.over).rejects.toThrow(
    /Task sink-0 was fenced: another consumer has joined its group as connect-sink-0/,
  );
  expect(Date.now() - started).toBeLessThan(5_000);
  expect(zombie.events).toEqual(['assigned 0', 'lost 0']);
  expect(await sink.committed()).toEqual({});
});

test('members of tasks that are gone are removed, the others stay', async () => {
  await sink.topic('numbers', 2);
  const first = new Member();
  const second = new Member();
  sink.start(() => first);
  const task = sink.start(() => second, { task: 1 });
  await eventually(() => first.events.at(-1) === 'assigned 0' && second.events.at(-1) === 'assigned 1', 'balance');
  task.stop();
  await task.over;
  const consumer = { 'group.id': 'connect-sink' };
  await removeSinkMembers({ admin: sink.admin, connector: 'sink', consumer, tasks: 1 });
  await eventually(() => first.events.at(-1) === 'assigned 0,1', 'the first task to get everything');
  await removeSinkMembers({ admin: sink.admin, connector: 'other', consumer, tasks: 0 });
  const { members } = await sink.admin.describeGroup('connect-sink');
  expect(members.map(({ instanceId }) => instanceId)).toEqual(['connect-sink-0']);
});

test('a deleted connector leaves an empty group, with any name', async () => {
  const connector = 'größer als/alle';
  await sink.produce('numbers', 'a');
  const collector = new Collector();
  const task = sink.start(() => collector, { connector });
  await eventually(() => collector.values.length === 1, 'delivery');
  task.stop();
  await task.over;
  const consumer = { 'group.id': `connect-${connector}` };
  await removeSinkMembers({ admin: sink.admin, connector, consumer, tasks: 0 });
  expect((await sink.admin.describeGroup(consumer['group.id'])).members).toEqual([]);
  await removeSinkMembers({ admin: sink.admin, connector, consumer, tasks: 0 });
  await removeSinkMembers({ admin: sink.admin, connector: 'x', consumer: { 'group.id': 'never-was' }, tasks: 0 });
});

test('what a task throws when it gets partitions fails it', async () => {
  await sink.topic('numbers');
  const task = sink.start(() => ({
    put: () => undefined,
    partitionsAssigned: () => {
      throw new Error('no room for them');
    },
  }));
  await expect(task.over).rejects.toThrow('no room for them');
});
