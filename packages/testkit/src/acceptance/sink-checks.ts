import assert from 'node:assert/strict';
import {
  ConfigError,
  DataError,
  parseConfig,
  Schema,
  SinkRecord,
  type SinkTask,
  type TopicPartitionOffset,
} from '@millrace/api';
import { createSinkContext, type TestContext } from '../contexts/test-contexts.ts';
import type { AnySink } from './any-connector.ts';
import { type Check, checkRefusal, type InvalidConfig, leavesNothingOpen, within } from './check.ts';

/** One place that a sink writes to: a file, a table, a bucket. */
export interface SinkPlace {
  readonly config: Readonly<Record<string, string>>;
  /** How many records the target holds, as far as it can be told apart from nothing. */
  count(): Promise<number>;
  remove?(): Promise<void>;
}

/** How the acceptance suite gets at what a sink writes. */
export interface SinkDriver {
  open(): Promise<SinkPlace>;
  /** A record that the sink takes as it is configured. Left out: texts without a key. */
  readonly record?: (topic: string, offset: number) => SinkRecord;
  readonly invalid?: readonly InvalidConfig[];
  readonly patienceMs?: number;
}

const topic = 'acceptance';
const partition = { topic, partition: 0 };

export function sinkChecks(connector: AnySink, driver: SinkDriver): readonly Check[] {
  const patience = driver.patienceMs ?? 10_000;
  const recordAt = (offset: number): SinkRecord => (driver.record ?? textRecord)(topic, offset);
  const records = (from: number, to: number): SinkRecord[] =>
    Array.from({ length: to - from }, (_, index) => recordAt(from + index));

  const running =
    (work: (task: SinkTask, place: SinkPlace, asked: TestContext<unknown>['asked']) => Promise<void>) =>
    async (): Promise<void> => {
      const place = await driver.open();
      try {
        const [config] = await taskConfigs(connector, place.config);
        assert.ok(config !== undefined, 'There is no task.');
        const { context, asked, abort } = createSinkContext(connector, config, { assignment: [partition] });
        const task = await within(
          patience,
          'open',
          Promise.resolve(connector.open(context as Parameters<AnySink['open']>[0])),
        );
        try {
          await task.partitionsAssigned?.([partition]);
          await work(task, place, asked);
        } finally {
          abort();
          await within(patience, 'close', Promise.resolve(task.close?.()));
        }
      } finally {
        await place.remove?.();
      }
    };

  const put = (task: SinkTask, batch: readonly SinkRecord[]): Promise<void> =>
    within(patience, 'put', Promise.resolve(task.put(batch)));

  /** Asks for commits until everything up to that offset may be committed. */
  const settle = async (task: SinkTask, offset: number): Promise<void> => {
    const end = Date.now() + patience;
    for (;;) {
      const committable = await safeUpTo(task, offset);
      assert.ok(committable <= offset, `preCommit gave ${committable}, and only ${offset} was put.`);
      if (committable === offset) return;
      assert.ok(Date.now() < end, `After ${patience} ms only ${committable} of ${offset} may be committed.`);
      await put(task, []);
    }
  };

  return [
    ...(driver.invalid ?? []).map((invalid) => ({
      name: `refuses a configuration and names ${invalid.problems.join(', ')}`,
      run: async () => checkRefusal(connector, invalid),
    })),
    {
      name: 'takes no records at all',
      run: running(async (task, place) => {
        await put(task, []);
        await safeUpTo(task, 0);
        assert.equal(await place.count(), 0);
      }),
    },
    {
      name: 'has in the target whatever it lets be committed',
      run: running(async (task, place) => {
        await put(task, records(0, 3));
        await put(task, records(3, 5));
        await settle(task, 5);
        assert.ok((await place.count()) >= 5, `The target has ${await place.count()} of 5 records.`);
      }),
    },
    {
      name: 'takes a batch again that it was given before',
      run: running(async (task, place) => {
        const batch = records(0, 4);
        await put(task, batch);
        await put(task, batch);
        await settle(task, 4);
        assert.ok((await place.count()) >= 4);
      }),
    },
    ...special(recordAt).map(({ name, record }) => ({
      name: `takes ${name}, or says that it cannot`,
      run: running(async (task, _place, asked) => {
        try {
          await put(task, [recordAt(0), record, recordAt(2)]);
          await safeUpTo(task, 3);
        } catch (error) {
          const isClear = DataError.isInstance(error) || ConfigError.isInstance(error);
          assert.ok(isClear || asked.errant.length > 0, `Not a DataError: ${String(error)}`);
        }
      }),
    })),
    {
      name: 'gives its partitions up and gets them back',
      run: running(async (task, place) => {
        await put(task, records(0, 2));
        await safeUpTo(task, 2);
        await task.partitionsRevoked?.([partition], false);
        await task.partitionsAssigned?.([partition]);
        await put(task, records(0, 3));
        await settle(task, 3);
        assert.ok((await place.count()) >= 3);
      }),
    },
    {
      name: 'may be closed twice',
      run: running(async (task) => {
        await put(task, records(0, 1));
        await task.close?.();
      }),
    },
    {
      name: 'leaves nothing open',
      run: () =>
        leavesNothingOpen(
          running(async (task) => {
            await put(task, records(0, 2));
            await safeUpTo(task, 2);
          }),
        ),
    },
  ];
}

/** What may be committed after `offset` records of the partition were put, as the runtime asks for it. */
async function safeUpTo(task: SinkTask, offset: number): Promise<number> {
  const offsets: readonly TopicPartitionOffset[] = [{ ...partition, offset }];
  if (task.preCommit === undefined) {
    await task.flush?.(offsets);
    return offset;
  }
  const committable = await task.preCommit(offsets);
  return committable.find((found) => found.topic === topic && found.partition === 0)?.offset ?? 0;
}

async function taskConfigs(
  connector: AnySink,
  raw: Readonly<Record<string, string>>,
): Promise<readonly Readonly<Record<string, string>>[]> {
  const { config } = parseConfig(connector.config, raw);
  if (connector.tasks === undefined) return [raw];
  return await connector.tasks({ config, raw, max: 1, signal: new AbortController().signal });
}

function special(
  recordAt: (offset: number) => SinkRecord,
): readonly { readonly name: string; readonly record: SinkRecord }[] {
  const usual = recordAt(1);
  return [
    { name: 'a tombstone', record: usual.with({ value: null, valueSchema: null }) },
    { name: 'a record without a key', record: usual.with({ key: null, keySchema: null }) },
    { name: 'a value without a schema', record: usual.with({ value: { a: [1, 'b', null] }, valueSchema: null }) },
  ];
}

function textRecord(name: string, offset: number): SinkRecord {
  return new SinkRecord({
    topic: name,
    partition: 0,
    offset,
    value: `record ${offset}`,
    valueSchema: Schema.string,
    timestamp: 1_700_000_000_000 + offset,
    timestampType: 'create',
  });
}
