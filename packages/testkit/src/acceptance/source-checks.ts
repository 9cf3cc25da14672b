import assert from 'node:assert/strict';
import { type OffsetMap, parseConfig, SourceRecord, type SourceTask } from '@millrace/api';
import { createSourceContext, type StoredOffset, type TestContext } from '../contexts/test-contexts.ts';
import type { AnySource } from './any-connector.ts';
import { type Check, checkRefusal, type InvalidConfig, leavesNothingOpen, within } from './check.ts';

/** One place that a source reads from: a file, a table, a queue. */
export interface SourcePlace {
  /** The connector's configuration for this place. */
  readonly config: Readonly<Record<string, string>>;
  /** Adds that many things to read; each becomes one record. */
  add(count: number): Promise<void>;
  remove?(): Promise<void>;
}

/** How the acceptance suite gets at what a source reads. */
export interface SourceDriver {
  /** A new, empty place. */
  open(): Promise<SourcePlace>;
  readonly invalid?: readonly InvalidConfig[];
  /** How long to wait for records that are there. Left out: 10 seconds. */
  readonly patienceMs?: number;
}

interface Run extends Pick<TestContext<unknown>, 'abort'> {
  readonly task: SourceTask;
  readonly config: Readonly<Record<string, string>>;
}

export function sourceChecks(connector: AnySource, driver: SourceDriver): readonly Check[] {
  const patience = driver.patienceMs ?? 10_000;

  const atPlace = (work: (place: SourcePlace) => Promise<void>) => async (): Promise<void> => {
    const place = await driver.open();
    try {
      await work(place);
    } finally {
      await place.remove?.();
    }
  };

  const running = async (
    place: SourcePlace,
    stored: readonly StoredOffset[],
    work: (run: Run) => Promise<void>,
  ): Promise<void> => {
    const [config] = await taskConfigs(connector, place.config, 1);
    assert.ok(config !== undefined, 'There is work and no task for it.');
    const { context, abort } = createSourceContext(connector, config, stored);
    const task = await within(
      patience,
      'open',
      Promise.resolve(connector.open(context as Parameters<AnySource['open']>[0])),
    );
    try {
      await work({ task, abort, config });
    } finally {
      abort();
      await within(patience, 'close', Promise.resolve(task.close?.()));
    }
  };

  const read = async (task: SourceTask, count: number): Promise<SourceRecord[]> => {
    const records: SourceRecord[] = [];
    const end = Date.now() + patience;
    while (records.length < count) {
      assert.ok(Date.now() < end, `Only ${records.length} of ${count} records came within ${patience} ms.`);
      records.push(...((await within(patience, 'poll', task.poll())) ?? []));
    }
    assert.equal(records.length, count, 'Each thing that was added becomes one record.');
    return records;
  };

  return [
    ...(driver.invalid ?? []).map((invalid) => ({
      name: `refuses a configuration and names ${invalid.problems.join(', ')}`,
      run: async () => checkRefusal(connector, invalid),
    })),
    {
      name: 'makes no more tasks than the user wants, with configurations of texts',
      run: atPlace(async (place) => {
        await place.add(1);
        for (const max of [1, 3]) {
          const configs = await taskConfigs(connector, place.config, max);
          assert.ok(configs.length <= max, `${configs.length} tasks, and ${max} are wanted.`);
          for (const value of configs.flatMap((config) => Object.values(config))) assert.equal(typeof value, 'string');
        }
      }),
    },
    {
      name: 'gives everything, each record with its place as it is declared',
      run: atPlace(async (place) => {
        await place.add(5);
        await running(place, [], async ({ task }) => {
          for (const record of await read(task, 5)) {
            assert.ok(SourceRecord.isInstance(record), 'What poll gives are SourceRecords.');
            checkFields('partition', connector.partition, record.sourcePartition);
            checkFields('offset', connector.offset, record.sourceOffset);
          }
        });
      }),
    },
    {
      name: 'gives what comes while it runs',
      run: atPlace(async (place) => {
        await place.add(1);
        await running(place, [], async ({ task }) => {
          await read(task, 1);
          await place.add(2);
          await read(task, 2);
        });
      }),
    },
    {
      name: 'waits where there is nothing yet',
      run: atPlace(async (place) => {
        await running(place, [], async ({ task }) => {
          const first = task.poll();
          await place.add(1);
          const records = (await within(patience, 'poll', first)) ?? [];
          if (records.length === 0) await read(task, 1);
          else assert.equal(records.length, 1);
        });
      }),
    },
    {
      name: 'gives again what Kafka has not acknowledged',
      run: atPlace(async (place) => {
        await place.add(3);
        const runs: unknown[] = [];
        for (let run = 0; run < 2; run++) {
          await running(place, [], async ({ task }) => void runs.push((await read(task, 3)).map(contentOf)));
        }
        assert.deepEqual(runs[1], runs[0]);
      }),
    },
    {
      name: 'goes on behind the stored offset of any record',
      run: atPlace(async (place) => {
        await place.add(6);
        let all: SourceRecord[] = [];
        await running(place, [], async ({ task }) => {
          all = await read(task, 6);
        });
        for (const last of [0, 2, 5]) {
          await place.add(1);
          await running(place, storedAfter(all.slice(0, last + 1)), async ({ task }) => {
            const rest = await read(task, all.length - last - 1 + 1);
            const expected = all.slice(last + 1).map(contentOf);
            assert.deepEqual(rest.slice(0, expected.length).map(contentOf), expected);
            all.push(...rest.slice(expected.length));
          });
        }
      }),
    },
    {
      name: 'ends a poll that waits when it has to stop',
      run: atPlace(async (place) => {
        await place.add(1);
        await running(place, [], async ({ task, abort }) => {
          await read(task, 1);
          const polled = pollUntilNothing(task);
          setTimeout(abort, 50);
          await within(Math.min(5000, patience), 'a poll whose signal was aborted', polled);
        });
      }),
    },
    {
      name: 'takes commit and committed at any time, and may be closed twice',
      run: atPlace(async (place) => {
        await place.add(2);
        await running(place, [], async ({ task }) => {
          await task.commit?.();
          const records = await read(task, 2);
          await task.committed?.(
            records,
            records.map(({ topic }, offset) => (offset === 0 ? null : { topic, partition: 0, offset, timestamp: 1 })),
          );
          await task.commit?.();
          await task.close?.();
        });
      }),
    },
    {
      name: 'leaves nothing open',
      run: () =>
        leavesNothingOpen(
          atPlace(async (place) => {
            await place.add(1);
            await running(place, [], async ({ task }) => void (await read(task, 1)));
          }),
        ),
    },
  ];
}

async function taskConfigs(
  connector: AnySource,
  raw: Readonly<Record<string, string>>,
  max: number,
): Promise<readonly Readonly<Record<string, string>>[]> {
  const { config } = parseConfig(connector.config, raw);
  if (connector.tasks === undefined) return [raw];
  return await connector.tasks({ config, raw, max, signal: new AbortController().signal });
}

/** What is left is read; the poll that finds nothing either says so or waits. */
async function pollUntilNothing(task: SourceTask): Promise<void> {
  for (let polls = 0; polls < 3; polls++) {
    const records = await task.poll();
    assert.equal(records?.length ?? 0, 0, 'A record came twice.');
  }
}

/** The last offset of each partition, as the runtime stores them: integers come back as bigints. */
function storedAfter(records: readonly SourceRecord[]): readonly StoredOffset[] {
  const last = new Map<OffsetMap, OffsetMap>();
  for (const { sourcePartition, sourceOffset } of records) {
    if (sourcePartition !== null && sourceOffset !== null) last.set(sourcePartition, sourceOffset);
  }
  return [...last].map(([partition, offset]) => ({ partition, offset }));
}

/** Its offset may say more later than it did before: what matters is that the record is the same. */
function contentOf({ topic, key, value }: SourceRecord): unknown {
  return { topic, key, value };
}

function checkFields(what: string, declared: Readonly<Record<string, string>>, found: OffsetMap | null): void {
  if (found === null) return;
  assert.deepEqual(Object.keys(found).sort(), Object.keys(declared).sort(), `The fields of the ${what}`);
  for (const [name, type] of Object.entries(declared)) {
    const value = found[name];
    if (value === null && type.endsWith('?')) continue;
    assert.ok(
      fitsType(value, type.replace('?', '')),
      `${name} of the ${what} is declared as ${type}: ${String(value)}`,
    );
  }
}

function fitsType(value: unknown, type: string): boolean {
  switch (type) {
    case 'int64':
      return typeof value === 'bigint';
    case 'safeInt':
      return Number.isSafeInteger(value);
    case 'float64':
      return typeof value === 'number';
    default:
      return typeof value === type;
  }
}
