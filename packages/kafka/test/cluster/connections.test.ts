import { listGroups } from '@millrace/protocol';
import { afterEach, expect, test } from 'vitest';
import { Cluster } from '../../src/cluster/cluster.ts';
import { readConnectionSettings } from '../../src/settings/read-settings.ts';
import { type ScriptedBroker, scriptedCluster } from '../support/scripted-broker.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function clusterOf(settings: Record<string, number> = {}): Promise<{ broker: ScriptedBroker; cluster: Cluster }> {
  const [broker] = await scriptedCluster(1, [listGroups]);
  broker!.on(listGroups, () => ({ errorCode: 0, groups: [] }));
  const log = (): void => undefined;
  const raw = { 'bootstrap.servers': `127.0.0.1:${broker!.port}`, ...settings };
  const cluster = new Cluster(readConnectionSettings(raw, log), log);
  cleanups.push(
    () => broker!.close(),
    () => cluster.close(),
  );
  await cluster.fetchMetadata(['t']);
  return { broker: broker!, cluster };
}

test('after an answer that asks for it, nothing is sent for that long, and then in order', async () => {
  const { broker, cluster } = await clusterOf();
  let throttleTimeMs = 300;
  broker.on(listGroups, () => {
    const answer = { throttleTimeMs, errorCode: 0, groups: [] };
    throttleTimeMs = 0;
    return answer;
  });
  await cluster.request(0, listGroups, {});
  const first = Date.now();
  await Promise.all(['one', 'two', 'three'].map((state) => cluster.request(0, listGroups, { statesFilter: [state] })));
  expect(Date.now() - first).toBeGreaterThanOrEqual(280);
  const [asked, ...later] = broker.seen.filter(({ name }) => name === 'ListGroups');
  expect(later[0]!.at - asked!.at).toBeGreaterThanOrEqual(280);
  expect(later.map(({ request }) => request)).toMatchObject(
    ['one', 'two', 'three'].map((state) => ({ statesFilter: [state] })),
  );
});

test('a client that is closed does not wait for the end of the silence', async () => {
  const { broker, cluster } = await clusterOf();
  broker.on(listGroups, () => ({ throttleTimeMs: 60_000, errorCode: 0, groups: [] }));
  await cluster.request(0, listGroups, {});
  const waiting = cluster.request(0, listGroups, {});
  cluster.close();
  await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' });
});

test('a connection that was idle for too long is replaced when it is needed', async () => {
  const { broker, cluster } = await clusterOf({ 'connections.max.idle.ms': 50 });
  await cluster.request(0, listGroups, {});
  const { connections } = broker;
  await cluster.request(0, listGroups, {});
  expect(broker.connections).toBe(connections);
  await new Promise((resolve) => setTimeout(resolve, 80));
  await cluster.request(0, listGroups, {});
  expect(broker.connections).toBe(connections + 1);
});

test('a connection that is given up answers what it was asked, and only then the next one is used', async () => {
  const { broker, cluster } = await clusterOf();
  const connection = await cluster.connection(0);
  const held = Promise.withResolvers<void>();
  broker.on(listGroups, async () => {
    await held.promise;
    return { errorCode: 0, groups: [] };
  });
  const order: string[] = [];
  const early = connection.send(listGroups, {}).then(() => order.push('early'));
  void connection.retire();
  const late = cluster.request(0, listGroups, {}).then(() => order.push('late'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(broker.seen.filter(({ name }) => name === 'ListGroups')).toHaveLength(1);
  held.resolve();
  await Promise.all([early, late]);
  expect(order).toEqual(['early', 'late']);
  await expect(connection.send(listGroups, {})).rejects.toMatchObject({ code: 'NETWORK_EXCEPTION' });
});
