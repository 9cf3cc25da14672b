import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import {
  DataError,
  defineSink,
  defineSource,
  type SinkRecord,
  type SinkTask,
  SourceRecord,
  sleep,
  string,
} from '@millrace/api';
import { acceptance, type SinkDriver, type SourceDriver } from '@millrace/testkit';
import { describe, expect, test } from 'vitest';

/** What a source reads, and what a sink has written: as many numbers. */
interface Place {
  count: number;
}

/** Ways in which a source does not do what it has to. */
interface SourceDefects {
  readonly ignoresOffset?: boolean;
  readonly ignoresAbort?: boolean;
  readonly skipsOne?: boolean;
  readonly numberAsOffset?: boolean;
  readonly tooManyTasks?: boolean;
  readonly removesWhenRead?: boolean;
  readonly closesOnce?: boolean;
  readonly acceptsAnything?: boolean;
  readonly leavesOpen?: boolean;
}

const places = new Map<string, Place>();
let lastPlace = 0;

function newPlace(): { readonly name: string; readonly place: Place; readonly remove: () => Promise<void> } {
  const name = `place-${lastPlace++}`;
  const place = { count: 0 };
  places.set(name, place);
  return { name, place, remove: async () => void places.delete(name) };
}

const sourceDriver: SourceDriver = {
  patienceMs: 300,
  invalid: [{ config: {}, problems: ['place'] }],
  open: async () => {
    const { name, place, remove } = newPlace();
    const add = async (count: number) => {
      place.count += count;
    };
    return { config: { place: name }, add, remove };
  },
};

function sourceWith(defects: SourceDefects) {
  return defineSource({
    name: 'numbers',
    version: '1',
    config: { place: string('place', { doc: '', ...(defects.acceptsAnything === true && { default: '' }) }) },
    partition: { place: 'string' },
    offset: { position: 'int64' },
    tasks: ({ raw, max }) => Array.from({ length: defects.tooManyTasks ? max + 1 : 1 }, () => raw),
    open: async ({ config, offsets, signal }) => {
      const place = places.get(config.place) ?? { count: 0 };
      const partition = offsets.partition({ place: config.place });
      const stored = defects.ignoresOffset ? undefined : await offsets.get(partition);
      let next = Number(stored?.position ?? 0n);
      let closed = false;
      if (defects.leavesOpen) leakHandle();
      return {
        poll: async () => {
          for (let waits = 0; next >= place.count; waits++) {
            if (defects.ignoresAbort ? waits === 1_000 : signal.aborted || waits === 3) return null;
            await sleep(10);
          }
          const position = next + 1;
          next += defects.skipsOne && next === 1 ? 2 : 1;
          if (defects.removesWhenRead) place.count--;
          if (defects.removesWhenRead) next--;
          const sourceOffset = {
            position: defects.numberAsOffset ? (position as unknown as bigint) : BigInt(position),
          };
          return [new SourceRecord({ topic: 't', value: position, sourcePartition: partition, sourceOffset })];
        },
        close: () => {
          if (closed && defects.closesOnce) throw new Error('closed already');
          closed = true;
        },
      };
    },
  });
}

function leakHandle(): void {
  servers.push(createServer().listen(0));
}
const servers: Server[] = [];

async function closeLeaks(): Promise<void> {
  await Promise.all(
    servers.splice(0).map(async (server) => {
      const closed = once(server, 'close');
      server.close();
      await closed;
    }),
  );
}

/** The checks that the connector does not pass. */
async function failing(checks: ReturnType<typeof acceptance>): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of checks) {
    await run().catch(() => failed.push(name));
  }
  return failed;
}

describe('a source passes', () => {
  test('when it does what it has to', async () => {
    expect(await failing(acceptance(sourceWith({}), sourceDriver))).toEqual([]);
  });

  test.each<[SourceDefects, string]>([
    [{ acceptsAnything: true }, 'refuses a configuration and names place'],
    [{ tooManyTasks: true }, 'makes no more tasks than the user wants, with configurations of texts'],
    [{ skipsOne: true }, 'gives everything, each record with its place as it is declared'],
    [{ numberAsOffset: true }, 'gives everything, each record with its place as it is declared'],
    [{ removesWhenRead: true }, 'gives again what Kafka has not acknowledged'],
    [{ ignoresOffset: true }, 'goes on behind the stored offset of any record'],
    [{ ignoresAbort: true }, 'ends a poll that waits when it has to stop'],
    [{ closesOnce: true }, 'takes commit and committed at any time, and may be closed twice'],
    [{ leavesOpen: true }, 'leaves nothing open'],
  ])('not with %j', async (defects, check) => {
    const checks = acceptance(sourceWith(defects), sourceDriver).filter(({ name }) => name === check);
    expect(checks).toHaveLength(1);
    try {
      expect(await failing(checks)).toEqual([check]);
    } finally {
      await closeLeaks();
    }
  });
});

/** Ways in which a sink does not do what it has to. */
interface SinkDefects {
  readonly commitsUnwritten?: boolean;
  readonly commitsBeyond?: boolean;
  readonly neverCommits?: boolean;
  readonly failsWithTypeError?: boolean;
  readonly failsWhenEmpty?: boolean;
  readonly failsOnRepeat?: boolean;
  readonly losesWhenRevoked?: boolean;
  readonly closesOnce?: boolean;
  readonly leavesOpen?: boolean;
}

const sinkDriver: SinkDriver = {
  patienceMs: 300,
  invalid: [{ config: {}, problems: ['place'] }],
  open: async () => {
    const { name, place, remove } = newPlace();
    return { config: { place: name }, count: async () => place.count, remove };
  },
};

function sinkWith(defects: SinkDefects) {
  return defineSink({
    name: 'counter',
    version: '1',
    config: { place: string('place', { doc: '' }) },
    open: ({ config }): SinkTask => {
      const place = places.get(config.place) ?? { count: 0 };
      const seen = new Set<number>();
      let waiting = 0;
      let closed = false;
      let isOurs = true;
      if (defects.leavesOpen) leakHandle();
      return {
        put: (records: readonly SinkRecord[]) => {
          if (records.length === 0 && defects.failsWhenEmpty) throw new Error('nothing');
          for (const { value, offset } of records) {
            if (defects.failsOnRepeat && seen.has(offset)) throw new Error('known already');
            seen.add(offset);
            if (value === null && defects.failsWithTypeError) throw new TypeError('null has no length');
            if (value === null) throw new DataError('no value');
            if (isOurs) waiting++;
          }
        },
        preCommit: (offsets) => {
          if (defects.neverCommits) return [];
          if (!defects.commitsUnwritten) {
            place.count += waiting;
            waiting = 0;
          }
          return offsets.map((found) => ({ ...found, offset: found.offset + (defects.commitsBeyond ? 1 : 0) }));
        },
        partitionsRevoked: () => {
          if (defects.losesWhenRevoked) isOurs = false;
        },
        close: () => {
          if (closed && defects.closesOnce) throw new Error('closed already');
          closed = true;
        },
      };
    },
  });
}

describe('a sink passes', () => {
  test('when it does what it has to', async () => {
    expect(await failing(acceptance(sinkWith({}), sinkDriver))).toEqual([]);
  });

  test.each<[SinkDefects, string]>([
    [{ failsWhenEmpty: true }, 'takes no records at all'],
    [{ commitsUnwritten: true }, 'has in the target whatever it lets be committed'],
    [{ commitsBeyond: true }, 'has in the target whatever it lets be committed'],
    [{ neverCommits: true }, 'has in the target whatever it lets be committed'],
    [{ failsOnRepeat: true }, 'takes a batch again that it was given before'],
    [{ failsWithTypeError: true }, 'takes a tombstone, or says that it cannot'],
    [{ losesWhenRevoked: true }, 'gives its partitions up and gets them back'],
    [{ closesOnce: true }, 'may be closed twice'],
    [{ leavesOpen: true }, 'leaves nothing open'],
  ])('not with %j', async (defects, check) => {
    const checks = acceptance(sinkWith(defects), sinkDriver).filter(({ name }) => name === check);
    expect(checks).toHaveLength(1);
    try {
      expect(await failing(checks)).toEqual([check]);
    } finally {
      await closeLeaks();
    }
  });
});
