import { afterEach, describe, expect, test } from 'vitest';
import { partitionCount, type RoleSettings } from './role.ts';
import { Clients, type ContractTarget, readAll, uniqueName } from './target.ts';
import { Workload } from './workload.ts';

/** Breaks something and mends it; `goesOn` waits until every client has got on with its work since the call. */
export type Fault = (goesOn: () => Promise<void>) => Promise<void>;

/** Timeouts that are shorter than the faults which `pnpm test` has time for. */
export const impatient = {
  'request.timeout.ms': 3_000,
  'socket.connection.setup.timeout.ms': 3_000,
  'session.timeout.ms': 6_000,
  'heartbeat.interval.ms': 300,
};

export interface FaultOptions {
  /** Of every client. */
  readonly settings?: RoleSettings;
  /** How long clients may need to go on. */
  readonly patienceMs?: number;
}

/** Whatever breaks for a while: nothing that was acknowledged is lost or doubled, and everybody goes on by himself. */
export function faultContract(
  target: ContractTarget,
  faults: Readonly<Record<string, Fault>>,
  { settings = impatient, patienceMs = 30_000 }: FaultOptions = {},
): void {
  describe(`with ${target.name}, nothing is lost or doubled and everybody goes on`, () => {
    const clients = new Clients(target);
    afterEach(() => clients.close());

    test.for(Object.entries(faults))('after %s', { timeout: 300_000 }, async ([, fault]) => {
      const [topic, transactional] = [uniqueName('fault'), uniqueName('transactional')];
      await clients.admin().createTopics([topic, transactional].map((name) => ({ name, partitions: partitionCount })));
      const workload = new Workload(clients, { topic, transactional, settings, patienceMs });
      try {
        await workload.goesOn();
        await fault(() => workload.goesOn());
        await workload.goesOn();
        await workload.finish();
      } finally {
        await workload.stop();
      }

      const { writer, transactionalWriter, sharers } = workload;
      const numbers = Array.from({ length: writer.written }, (_, number) => number);
      expect(writer.tally.errors).toEqual([]);
      expect(writer.tally.acknowledgedTokens.toSorted(ascending)).toEqual(numbers);
      const stored = await readAll(clients.reader(), topic, partitionCount);
      expect(stored.map(({ value }) => Number(value)).toSorted(ascending)).toEqual(numbers);
      const partitions = Array.from({ length: partitionCount }, (_, partition) => partition);
      for (const partition of partitions) {
        const values = stored.filter((record) => record.partition === partition).map(({ value }) => Number(value));
        expect(values, `the order in partition ${partition}`).toEqual(values.toSorted(ascending));
      }
      expect(workload.follower.values.toSorted(ascending)).toEqual(numbers);

      const committed = Array.from({ length: transactionalWriter.written }, (_, number) => number);
      expect(workload.committedFollower.values.toSorted(ascending)).toEqual(committed);

      const shared = sharers.flatMap(({ values }) => values);
      const interrupted = sharers.some(({ losses, failedCommits }) => losses.length + failedCommits.length > 0);
      // Only who has lost his place, or could not commit, leaves something to be read again.
      const seen = interrupted ? [...new Set(shared)] : shared;
      expect(seen.toSorted(ascending)).toEqual(numbers);

      const admin = clients.admin();
      const committedBy = async (groupId: string) =>
        (await admin.listGroupOffsets(groupId))
          .toSorted((one, other) => one.partition - other.partition)
          .map(({ offset }) => offset);
      expect(await committedBy(workload.groupId)).toEqual(
        partitions.map((partition) => Math.ceil((writer.written - partition) / partitionCount)),
      );
      expect(await committedBy(transactionalWriter.groupId)).toEqual([transactionalWriter.written]);
      expect(await committedBy(workload.committer.groupId)).toEqual([workload.committer.done]);
    });
  });
}

function ascending(one: number, other: number): number {
  return one - other;
}
