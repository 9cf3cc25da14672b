import { ConfigError } from '@millrace/api';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LogLine } from '../../src/host/host-messages.ts';
import type { OffsetStore } from '../../src/offsets/offset-store.ts';
import { createWorker, type Worker } from '../../src/worker/worker.ts';
import { pluginModule, runnersModule } from '../host/fixtures/specs.ts';
import { createMemoryOffsetStore } from './memory-offset-store.ts';

const workers: Worker[] = [];
let lines: LogLine[] = [];
let offsets: OffsetStore;

async function open(hostKind: 'inline' | 'thread' = 'inline'): Promise<Worker> {
  offsets = createMemoryOffsetStore();
  const worker = await createWorker({
    properties: { 'bootstrap.servers': 'localhost:1', 'key.converter': 'StringConverter', 'value.converter': 'Json' },
    plugins: [pluginModule],
    hostKind,
    offsets,
    log: (line) => lines.push(line),
    host: { runners: runnersModule, metricsMs: 20 },
  });
  workers.push(worker);
  return worker;
}

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.close()));
  lines = [];
});

const until = (condition: () => void) => vi.waitFor(condition, { timeout: 15_000, interval: 5 });
const config = (changes: Readonly<Record<string, string>> = {}) => ({
  name: 'lines',
  'connector.class': 'odd',
  'tasks.max': '2',
  ...changes,
});
const states = (worker: Worker) => worker.status('lines').tasks.map(({ state }) => state);
const problems = async (started: Promise<void>): Promise<unknown> => {
  const error: unknown = await started.catch((caught) => caught);
  return ConfigError.isInstance(error) ? error.problems : error;
};

describe.each(['inline', 'thread'] as const)('a worker with %s hosts', (hostKind) => {
  it('starts a connector with its tasks, tells how they are, and stops them', async () => {
    const worker = await open(hostKind);
    await worker.startConnector(config());
    await until(() => expect(states(worker)).toEqual(['RUNNING', 'RUNNING']));
    expect(worker.status('lines')).toEqual({
      name: 'lines',
      kind: 'source',
      connector: { state: 'RUNNING' },
      tasks: [
        { id: 0, state: 'RUNNING' },
        { id: 1, state: 'RUNNING' },
      ],
    });
    await until(() => expect(worker.topics('lines')).toEqual(['numbers']));
    await until(() => expect(worker.metrics('lines', 0)['source-task-metrics']?.['polls']).toBeGreaterThan(0));
    await worker.pauseConnector('lines');
    await until(() => expect(states(worker)).toEqual(['PAUSED', 'PAUSED']));
    expect(worker.status('lines').connector.state).toBe('PAUSED');
    await worker.resumeConnector('lines');
    await until(() => expect(states(worker)).toEqual(['RUNNING', 'RUNNING']));
    const stored = await offsets.readAll('lines');
    expect(stored[0]?.partition).toEqual({ file: 'a' });
    await worker.stopConnector('lines');
    expect(() => worker.status('lines')).toThrow('Connector lines does not run in this worker.');
    expect(worker.connectors).toEqual([]);
  });

  it('says what a task has failed of, and starts it again', async () => {
    const worker = await open(hostKind);
    await worker.startConnector(config({ mode: 'open-fails', 'tasks.max': '1' }));
    await until(() => expect(states(worker)).toEqual(['FAILED']));
    const [task] = worker.status('lines').tasks;
    expect(task?.trace).toMatch(/^org\.apache\.kafka\.connect\.errors\.DataException: cannot be opened\n/);
    await worker.restartTasks('lines');
    await until(() => expect(states(worker)).toEqual(['FAILED']));
    await worker.startConnector(config());
    await until(() => expect(states(worker)).toEqual(['RUNNING', 'RUNNING']));
  });
});

describe('a worker', () => {
  it('refuses a wrong configuration with every problem, and lets run what runs', async () => {
    const worker = await open();
    await worker.startConnector(config());
    expect(await problems(worker.startConnector(config({ mode: 'bad' })))).toEqual([
      { key: 'mode', message: 'mode bad is bad' },
    ]);
    expect(await problems(worker.startConnector(config({ 'tasks.max': '0', 'errors.tolerance': 'x' })))).toHaveLength(
      2,
    );
    await until(() => expect(states(worker)).toEqual(['RUNNING', 'RUNNING']));
  });

  it('names every plugin that is not known', async () => {
    const worker = await open();
    const wrong = config({
      'value.converter': 'Nope',
      transforms: 'a,b',
      'transforms.a.type': 'Never',
      'transforms.b.type': 'Filter',
      'transforms.b.predicate': 'p',
    });
    expect(await problems(worker.startConnector(wrong))).toEqual([
      {
        key: 'value.converter',
        message: 'Invalid value Nope for configuration value.converter: Class Nope could not be found.',
      },
      {
        key: 'transforms.a.type',
        message: 'Invalid value Never for configuration transforms.a.type: Class Never could not be found.',
      },
      {
        key: 'transforms.b.predicate',
        message: 'transforms.b.predicate names the predicate p, which is not among the aliases of predicates.',
      },
    ]);
    expect(worker.connectors).toEqual([]);
  });

  it('does not know a connector that is in no manifest', async () => {
    const worker = await open();
    await expect(worker.startConnector(config({ 'connector.class': 'Nope' }))).rejects.toThrow(/No connector .* Nope/);
  });

  it('refuses more tasks than the user wants, unless told otherwise', async () => {
    const worker = await open();
    await expect(worker.startConnector(config({ mode: 'too-many' }))).rejects.toThrow(
      /has generated 3 tasks, which is greater than 2/,
    );
    await worker.startConnector(config({ mode: 'too-many', 'tasks.max.enforce': 'false' }));
    expect(worker.status('lines').tasks).toHaveLength(3);
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('requires exactly once only where it is enabled', async () => {
    const worker = await open();
    expect(await problems(worker.startConnector(config({ 'exactly.once.support': 'required' })))).toEqual([
      { key: 'exactly.once.support', message: 'This worker does not have exactly-once source support enabled.' },
    ]);
  });

  it('stops nothing for a configuration that names a plugin that is not known', async () => {
    const worker = await open();
    await worker.startConnector(config());
    await until(() => expect(states(worker)).toEqual(['RUNNING', 'RUNNING']));
    expect(await problems(worker.startConnector(config({ 'value.converter': 'Nope' })))).toHaveLength(1);
    expect(states(worker)).toEqual(['RUNNING', 'RUNNING']);
  });

  it('fails the connector that cannot be restarted, and lets run its tasks', async () => {
    const worker = await open();
    await worker.startConnector(config({ mode: 'tasks-once' }));
    await until(() => expect(states(worker)).toEqual(['RUNNING', 'RUNNING']));
    await expect(worker.restartConnector('lines')).rejects.toThrow('no tasks any more');
    const { connector } = worker.status('lines');
    expect(connector).toMatchObject({ state: 'FAILED', trace: expect.stringContaining('no tasks any more') });
    expect(states(worker)).toEqual(['RUNNING', 'RUNNING']);
  });

  it('makes the tasks anew once for a storm of wishes, and stops in the middle of it', async () => {
    const worker = await open();
    await worker.startConnector(config({ mode: 'storm' }));
    const started = performance.now();
    await worker.stopConnector('lines');
    expect(performance.now() - started).toBeLessThan(5000);
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('waits neither long to start nor to stop a sink whose brokers are not there', { timeout: 30_000 }, async () => {
    const worker = await open();
    const started = performance.now();
    await worker.startConnector(config({ 'connector.class': 'plain-sink', topics: 't' }));
    expect(performance.now() - started).toBeLessThan(4000);
    await worker.stopConnector('lines');
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(lines.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^Former tasks could not be taken out of the consumer group;/),
    );
  });

  it('fails the connector when its watch does', async () => {
    const worker = await open();
    await worker.startConnector(config({ mode: 'watch-fails' }));
    await until(() =>
      expect(worker.status('lines').connector).toMatchObject({
        state: 'FAILED',
        trace: expect.stringContaining('nothing to see'),
      }),
    );
  });

  it('does one thing after the other to a connector', async () => {
    const worker = await open();
    await Promise.all([
      worker.startConnector(config()),
      worker.startConnector(config()),
      worker.stopConnector('lines'),
    ]);
    expect(worker.connectors).toEqual([]);
  });

  it('closes twice without harm, and starts nothing more', async () => {
    const worker = await open();
    await worker.startConnector(config());
    await worker.close();
    await worker.close();
    await expect(worker.startConnector(config())).rejects.toThrow('The worker is closed');
  });
});
