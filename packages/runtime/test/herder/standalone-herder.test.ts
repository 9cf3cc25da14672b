import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type StandaloneWorkerUnderTest, startStandalone } from './standalone-worker.ts';

let folder: string;
let worker: StandaloneWorkerUnderTest;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-herder-'));
  const variable = ['$', '{secret}'].join('');
  const resolve = async (config: Readonly<Record<string, string | null>>) =>
    Object.fromEntries(Object.entries(config).map(([key, value]) => [key, value === variable ? 'resolved' : value]));
  worker = await startStandalone({}, { resolve });
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const until = (condition: () => Promise<void>) => vi.waitFor(condition, { timeout: 20_000, interval: 20 });
const stateOf = async (name: string) => {
  const { body } = await worker.ask('GET', `/connectors/${name}/status`);
  const { connector, tasks } = body as { connector: { state: string }; tasks: { state: string }[] };
  return [connector.state, ...tasks.map((task) => task.state)];
};
const isSoon = (name: string, ...states: readonly string[]) =>
  until(async () => expect(await stateOf(name)).toEqual(states));
const source = (topic: string, count = 25) => ({ 'connector.class': 'numbers', topic, count: String(count) });

describe('a standalone herder', () => {
  it('takes a source through its life', { timeout: 60_000 }, async () => {
    const path = '/connectors/life';
    const created = await worker.ask('POST', '/connectors', { name: ' life ', config: source('life') });
    expect(created).toEqual({
      status: 201,
      body: { name: 'life', config: { ...source('life'), name: 'life' }, tasks: [], type: 'source' },
    });
    expect((await worker.ask('POST', '/connectors', { name: 'life', config: source('life') })).status).toBe(409);
    await isSoon('life', 'RUNNING', 'RUNNING');
    const offsetsAre = (offsets: unknown[]) =>
      until(async () => expect((await worker.ask('GET', `${path}/offsets`)).body).toEqual({ offsets }));
    await offsetsAre([{ partition: { name: 'numbers' }, offset: { next: 25 } }]);
    expect((await worker.ask('GET', `${path}/topics`)).body).toEqual({ life: { topics: ['life'] } });

    expect((await worker.ask('PUT', `${path}/pause`)).status).toBe(202);
    await isSoon('life', 'PAUSED', 'PAUSED');
    expect((await worker.ask('PATCH', `${path}/offsets`, { offsets: [{ partition: {}, offset: {} }] })).status).toBe(
      400,
    );
    expect((await worker.ask('PUT', `${path}/resume`)).status).toBe(202);
    await isSoon('life', 'RUNNING', 'RUNNING');

    expect((await worker.ask('PUT', `${path}/stop`)).status).toBe(204);
    expect(await stateOf('life')).toEqual(['STOPPED']);
    expect((await worker.ask('GET', `${path}/topics`)).body).toEqual({ life: { topics: ['life'] } });
    const offsets = [{ partition: { name: 'numbers' }, offset: { next: 20 } }];
    expect((await worker.ask('PATCH', `${path}/offsets`, { offsets })).status).toBe(200);
    await offsetsAre(offsets);
    const foreign = [{ partition: { other: 'x' }, offset: { next: 1 } }];
    expect((await worker.ask('PATCH', `${path}/offsets`, { offsets: foreign })).status).toBe(400);

    await worker.ask('PUT', `${path}/resume`);
    await offsetsAre([{ partition: { name: 'numbers' }, offset: { next: 25 } }]);
    const restarted = await worker.ask('POST', `${path}/restart?includeTasks=true`);
    expect(restarted).toMatchObject({ status: 202, body: { connector: { state: 'RESTARTING' } } });
    await isSoon('life', 'RUNNING', 'RUNNING');
    expect((await worker.ask('POST', `${path}/restart`)).status).toBe(204);
    expect((await worker.ask('POST', `${path}/tasks/0/restart`)).status).toBe(204);
    expect((await worker.ask('POST', `${path}/tasks/1/restart`)).status).toBe(404);

    await worker.ask('PUT', `${path}/stop`);
    expect((await worker.ask('DELETE', `${path}/offsets`)).status).toBe(200);
    await offsetsAre([]);
    expect((await worker.ask('DELETE', path)).status).toBe(204);
    expect((await worker.ask('GET', path)).status).toBe(404);
    expect((await worker.ask('GET', '/connectors')).body).toEqual([]);
  });

  it('sets the offsets of a sink in its consumer group', { timeout: 60_000 }, async () => {
    await worker.ask('POST', '/connectors', { name: 'filling', config: source('sunk', 10) });
    const sink = { 'connector.class': 'lines', topics: 'sunk', path: join(folder, 'sunk') };
    await worker.ask('POST', '/connectors', { name: 'sink', config: sink });
    const offsetsAre = (offsets: unknown[]) =>
      until(async () => expect((await worker.ask('GET', '/connectors/sink/offsets')).body).toEqual({ offsets }));
    const at = (offset: number | null) => ({
      partition: { kafka_partition: 0, kafka_topic: 'sunk' },
      offset: offset === null ? null : { kafka_offset: offset },
    });
    await offsetsAre([at(10)]);
    await worker.ask('PUT', '/connectors/sink/stop');
    expect(await worker.ask('PATCH', '/connectors/sink/offsets', { offsets: [at(4)] })).toMatchObject({ status: 200 });
    await offsetsAre([at(4)]);
    expect((await worker.ask('PATCH', '/connectors/sink/offsets', { offsets: [at(null)] })).status).toBe(200);
    await offsetsAre([]);
    expect((await worker.ask('DELETE', '/connectors/sink/offsets')).status).toBe(200);
    for (const name of ['sink', 'filling']) await worker.ask('DELETE', `/connectors/${name}`);
  });

  it('begins paused or stopped where that is wanted, and goes on with a new configuration', async () => {
    await worker.ask('POST', '/connectors', { name: 'still', config: source('still'), initial_state: 'paused' });
    expect(await stateOf('still')).toEqual(['PAUSED']);
    const put = await worker.ask('PUT', '/connectors/still/config', source('still', 5));
    expect(put).toMatchObject({ status: 200, body: { config: { count: '5' } } });
    expect(await stateOf('still')).toEqual(['PAUSED']);
    await worker.ask('PUT', '/connectors/still/resume');
    await isSoon('still', 'RUNNING', 'RUNNING');
    const patched = await worker.ask('PATCH', '/connectors/still/config', { count: 6, 'tasks.max': '1' });
    expect(patched).toMatchObject({ status: 200, body: { config: { count: '6', 'tasks.max': '1' } } });
    expect((await worker.ask('PATCH', '/connectors/still/config', { name: 'other' })).status).toBe(400);
    expect((await worker.ask('DELETE', '/connectors/still')).status).toBe(204);
  });

  it('shows what the user wrote, not what it stands for', async () => {
    const variable = ['$', '{secret}'].join('');
    const config = { ...source('shown', 1), topic: variable };
    await worker.ask('PUT', '/connectors/shown/config', config);
    await isSoon('shown', 'RUNNING', 'RUNNING');
    await until(async () =>
      expect((await worker.ask('GET', '/connectors/shown/topics')).body).toEqual({ shown: { topics: ['resolved'] } }),
    );
    const { body } = await worker.ask('GET', '/connectors/shown/tasks');
    expect(body).toMatchObject([{ id: { connector: 'shown', task: 0 }, config: { topic: variable } }]);
    expect((await worker.ask('GET', '/connectors/shown/config')).body).toMatchObject({ topic: variable });
    await worker.ask('DELETE', '/connectors/shown');
  });

  it('names everything that is wrong with a configuration, and starts nothing', async () => {
    const config = { 'connector.class': 'numbers', count: 'x', 'tasks.max': '0', 'exactly.once.support': 'required' };
    const { status, body } = await worker.ask('POST', '/connectors', { name: 'wrong', config });
    expect(status).toBe(400);
    expect((body as { message: string }).message.split('\n')).toEqual([
      'Connector configuration is invalid and contains the following 4 error(s):',
      'Invalid value 0 for configuration tasks.max: Value must be at least 1',
      'This worker does not have exactly-once source support enabled.',
      'Missing required configuration "topic" which has no default value.',
      'Invalid value x for configuration count: Not a number of type INT',
      'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
    ]);
    expect((await worker.ask('GET', '/connectors/wrong')).status).toBe(404);
  });
});
