import { ConfigError, DataError, MillraceError, RetriableError, TimeoutError } from '@millrace/api';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Host, HostOptions } from '../../src/host/host.ts';
import type { LogLine } from '../../src/host/host-messages.ts';
import { createInlineHost } from '../../src/host/inline-host.ts';
import { createThreadHost, type ThreadHostOptions } from '../../src/host/thread-host.ts';
import { RecordingOwner } from './fixtures/recording-owner.ts';
import { configured, connectorSpec, reference, runnersModule, taskSpec } from './fixtures/specs.ts';

const opened: Host[] = [];
let lines: LogLine[] = [];

function hostOptions(): HostOptions {
  return { log: (line) => lines.push(line), runners: runnersModule, unresponsiveMs: 30_000, metricsMs: 20 };
}

function keep(host: Host): Host {
  opened.push(host);
  return host;
}

const inline = () => keep(createInlineHost(hostOptions()));
const thread = (options: Partial<ThreadHostOptions> = {}) => keep(createThreadHost({ ...hostOptions(), ...options }));
const until = (condition: () => void) => vi.waitFor(condition, { timeout: 15_000, interval: 5 });
const soon = { deadlineMs: 15_000 };

afterEach(async () => {
  await Promise.all(opened.splice(0).map((host) => host.close()));
  lines = [];
});

const rejection = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It should have failed.');
};

describe.each([
  ['inline', inline],
  ['thread', thread],
] as const)('the %s host', (kind, create) => {
  it('runs a task, stores its offsets as they are and stops it', async () => {
    const owner = new RecordingOwner();
    owner.stored = { position: 1n, note: null };
    const host = create();
    const task = host.startTask(taskSpec('count'), owner);
    expect([host.kind, host.taskCount]).toEqual([kind, 1]);
    await until(() => expect(owner.written.length).toBeGreaterThan(1));
    expect(owner.asked[0]).toEqual([{ file: 'a' }]);
    expect(owner.written[0]).toEqual({ partition: { file: 'a' }, offset: { position: 1n + 2n ** 60n } });
    expect(owner.topics[0]).toBe('numbers');
    await until(() => expect(owner.snapshots.at(-1)?.['source-task-metrics']?.['polls']).toBeGreaterThan(0));
    expect(await task.stop(5000)).toBe('stopped');
    expect(owner.states).toEqual(['running', 'stopped']);
    expect(host.taskCount).toBe(0);
    expect(await task.stop(5000)).toBe('stopped');
  });

  it('pauses and resumes, and starts paused', async () => {
    const owner = new RecordingOwner();
    const task = create().startTask(taskSpec('count', { targetState: 'paused' }), owner);
    await until(() => expect(owner.states).toEqual(['paused']));
    task.resume();
    await until(() => expect(owner.states).toEqual(['paused', 'running']));
    task.pause();
    await until(() => expect(owner.states).toEqual(['paused', 'running', 'paused']));
    const { length } = owner.written;
    await task.stop(5000);
    expect(owner.written).toHaveLength(length);
  });

  it('tells what the task failed of: kind, code, cause and place, and a trace as Java prints it', async () => {
    const owner = new RecordingOwner();
    create().startTask(taskSpec('open-fails'), owner);
    await until(() => expect(owner.states).toEqual(['failed']));
    const { failure } = owner;
    expect(DataError.isInstance(failure)).toBe(true);
    expect(failure).toMatchObject({ code: 'BROKEN', path: 'x.y', message: 'cannot be opened' });
    expect(RetriableError.isInstance(failure?.cause)).toBe(true);
    expect(owner.statuses[0]).toMatchObject({
      trace: expect.stringMatching(
        /^org\.apache\.kafka\.connect\.errors\.DataException: cannot be opened\n\tat [\s\S]*Caused by: org\.apache\.kafka\.connect\.errors\.RetriableException: deeper\n/,
      ),
    });
    expect(owner.statuses[0]).not.toHaveProperty('lost');
  });

  it('gives the task the errors of its worker as they are', async () => {
    const owner = new RecordingOwner();
    owner.stored = new RetriableError('no broker', { code: 'AWAY', cause: new TimeoutError('waited') });
    create().startTask(taskSpec('count'), owner);
    await until(() => expect(owner.states).toEqual(['failed']));
    expect(RetriableError.isInstance(owner.failure)).toBe(true);
    expect(owner.failure).toMatchObject({ code: 'AWAY', message: 'no broker' });
    expect(TimeoutError.isInstance(owner.failure?.cause)).toBe(true);
  });

  it('lets a task ask for another configuration, raise errors and log', async () => {
    const owner = new RecordingOwner();
    create().startTask(taskSpec('asks'), owner);
    await until(() => expect([owner.reconfigured, owner.raised.length]).toEqual([1, 1]));
    expect(RetriableError.isInstance(owner.raised[0])).toBe(true);
    await until(() =>
      expect(lines).toEqual([
        {
          level: 'info',
          message: 'opened',
          fields: { connector: 'lines', task: 0, count: 1n, error: expect.objectContaining({ kind: 'data' }) },
        },
      ]),
    );
  });

  it('refuses an offset that would not be the same on the other side', async () => {
    const owner = new RecordingOwner();
    create().startTask(taskSpec('decimal'), owner);
    await until(() => expect(owner.failure?.message).toMatch(/offset .* field position that is no string, number/));
    expect(owner.written).toEqual([]);
  });

  it('gives up a task that does not return from poll, at the deadline, and hears nothing of it again', async () => {
    const owner = new RecordingOwner();
    const host = create();
    const task = host.startTask(taskSpec('poll-hangs'), owner);
    await until(() => expect(owner.states).toEqual(['running']));
    expect(await task.stop(50)).toBe('cancelled');
    const next = new RecordingOwner();
    await host.startTask(taskSpec('count'), next).stop(5000);
    expect(owner.states).toEqual(['running']);
    expect(host.failure).toBeUndefined();
  });

  it('hears nothing of a cancelled task, and stores nothing for it', async () => {
    const owner = new RecordingOwner();
    const host = create();
    const task = host.startTask(taskSpec('count'), owner);
    await until(() => expect(owner.written.length).toBeGreaterThan(0));
    task.cancel();
    const { length } = owner.written;
    await host.validate(connectorSpec('count'), soon);
    expect(owner.states).toEqual(['running']);
    expect(owner.written).toHaveLength(length);
  });

  it('stops a task whose plugins are not made yet', async () => {
    const owner = new RecordingOwner();
    const transforms = [{ ...configured('transform', { topic: 't', mode: 'hangs' }), alias: 'slow' }];
    const task = create().startTask(taskSpec('count', { transforms }), owner);
    expect(await task.stop(5000)).toBe('stopped');
    expect(owner.states).toEqual(['stopped']);
  });

  it.each([
    [
      'is not there',
      reference('odd', 'file:///nowhere/plugin.js'),
      'PLUGIN_NOT_LOADED',
      /example\.odd could not be loaded from file:\/\/\/nowhere/,
    ],
    ['does not export it', reference('odder'), 'PLUGIN_NOT_FOUND', /example\.odder .*plugins\.ts has no export odder/],
    ['exports something else', reference('plainSink'), 'PLUGIN_NOT_FOUND', /exports plainSink, which is no source/],
  ])('says so when the module of a plugin %s', async (_, plugin, code, message) => {
    const owner = new RecordingOwner();
    const host = create();
    host.startTask(taskSpec('count', { plugin }), owner);
    await until(() => expect(owner.states).toEqual(['failed']));
    expect(owner.failure).toMatchObject({ code, message: expect.stringMatching(message) });
    const error = await rejection(host.validate({ ...connectorSpec('count'), plugin }, soon));
    expect(MillraceError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code });
  });

  it('answers what connectors are asked', async () => {
    const host = create();
    expect(await host.validate(connectorSpec('count'), soon)).toEqual([]);
    expect(await host.validate(connectorSpec('bad'), soon)).toEqual([{ key: 'mode', message: 'mode bad is bad' }]);
    expect(await host.probe(connectorSpec('count'), soon)).toEqual([]);
    expect(await host.tasks(connectorSpec('count'), 2, soon)).toEqual([
      { mode: 'count', share: '0' },
      { mode: 'count', share: '1' },
    ]);
    expect(await host.tasks(connectorSpec('x', 'plainSink'), 2, soon)).toEqual([{ mode: 'x' }, { mode: 'x' }]);
    expect(await host.tasks(connectorSpec('x', 'plainSource'), 2, soon)).toEqual([{ mode: 'x' }]);
    expect(await host.exactlyOnce(connectorSpec('count'), soon)).toBe('supported');
    expect(await host.exactlyOnce(connectorSpec('x', 'plainSink'), soon)).toBe('unsupported');
    expect(await host.transactionBoundaries(connectorSpec('count'), soon)).toBe(true);
    expect(await host.transactionBoundaries(connectorSpec('x', 'plainSource'), soon)).toBe(false);
  });

  it('brings the errors of connectors as they are', async () => {
    const host = create();
    const refused = await rejection(host.tasks(connectorSpec('tasks-refuse'), 1, soon));
    expect(ConfigError.isInstance(refused) && refused.problems).toEqual([{ key: 'mode', message: 'no tasks' }]);
    const probed = await rejection(host.probe(connectorSpec('probe-throws'), soon));
    expect(RetriableError.isInstance(probed)).toBe(true);
    expect(probed).toMatchObject({ code: 'LATER', cause: expect.objectContaining({ path: 'a.b' }) });
  });

  it('asks the connector about offsets, or looks at the declared fields', async () => {
    const host = create();
    const partition = { file: 'a' };
    const alter = (exportName: string, change: object) =>
      host.alterOffsets(connectorSpec('count', exportName), [{ partition, offset: null, ...change } as never], soon);
    await alter('odd', { offset: { position: 12n } });
    expect(await rejection(alter('odd', { offset: { position: 13n } }))).toMatchObject({ message: '13 is unlucky' });
    await alter('plainSource', { offset: { position: 1n } });
    await alter('plainSource', {});
    const error = await rejection(alter('plainSource', { partition: { dir: 'x' } }));
    expect(ConfigError.isInstance(error) && error.problems.map(({ message }) => message)).toEqual([
      'A partition has an unknown field dir; the fields of this connector are: file.',
      'A partition lacks the field file; the fields of this connector are: file.',
    ]);
  });

  it.each(['probe-waits', 'probe-hangs'])('ends a call at its deadline, and goes on (%s)', async (mode) => {
    const host = create();
    await host.validate(connectorSpec('count'), soon);
    const error = await rejection(host.probe(connectorSpec(mode), { deadlineMs: 50 }));
    expect(TimeoutError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ message: 'Waited 50 ms for connector lines to reach its system; gave up.' });
    expect(await host.validate(connectorSpec('count'), soon)).toEqual([]);
    expect(host.failure).toBeUndefined();
  });

  it('ends a call when its caller does', async () => {
    const controller = new AbortController();
    const probe = create().probe(connectorSpec('probe-waits'), { ...soon, signal: controller.signal });
    controller.abort(new Error('enough'));
    expect(await rejection(probe)).toMatchObject({ message: 'enough' });
  });

  it('watches: reads offsets, asks for other tasks, raises errors, and ends', async () => {
    const host = create();
    const owner = new RecordingOwner();
    owner.stored = { position: 5n };
    const stop = await host.watch(connectorSpec('count'), owner, soon);
    await until(() => expect(owner.reconfigured).toBe(1));
    await stop?.(soon);
    expect(await host.watch(connectorSpec('x', 'plainSource'), owner, soon)).toBeUndefined();
    await host.watch(connectorSpec('watch-fails'), owner, soon);
    await until(() => expect(owner.raised).toHaveLength(1));
    expect(DataError.isInstance(owner.raised[0])).toBe(true);
    expect(owner.raised[0]).toMatchObject({ code: 'BLIND' });
  });

  it('writes the lines of the level that is set for the class', async () => {
    const host = create();
    host.setLogLevels({ root: 'info', classes: { 'example.odd': 'warn' } });
    const owner = new RecordingOwner();
    const task = host.startTask(taskSpec('asks'), owner);
    await until(() => expect(owner.reconfigured).toBe(1));
    await task.stop(5000);
    expect(lines).toEqual([]);
  });

  it('takes nothing more once it is closed; closing twice is harmless', async () => {
    const host = create();
    const owner = new RecordingOwner();
    host.startTask(taskSpec('count'), owner);
    const call = rejection(host.probe(connectorSpec('probe-hangs'), soon));
    await host.close();
    await host.close();
    expect(await call).toMatchObject({ code: 'HOST_CLOSED' });
    expect(() => host.startTask(taskSpec('count'), owner)).toThrow('The host was closed.');
    expect(owner.states).not.toContain('failed');
  });
});

describe('a time that is longer than a timer can take', () => {
  const warned = vi.fn();
  afterEach(() => void process.off('warning', warned));

  it('is neither a storm of heartbeats nor a stop at once', async () => {
    process.on('warning', warned);
    const owner = new RecordingOwner();
    const host = keep(createInlineHost({ ...hostOptions(), unresponsiveMs: 2 ** 31 }));
    const task = host.startTask(taskSpec('count'), owner);
    await until(() => expect(owner.written.length).toBeGreaterThan(0));
    expect(await task.stop(2 ** 31)).toBe('stopped');
    expect(warned).not.toHaveBeenCalled();
  });
});

describe('a thread that dies', () => {
  it.each([
    [
      'of an error that nobody catches',
      'uncaught',
      /^Task lines-0 was lost: The thread of its host has died: thrown where nobody catches$/,
    ],
    ['of its heap', 'heap', /memory limit/],
    ['of process.exit', 'exits', /ended by itself, with code 7/],
  ])('%s takes its tasks with it, and the worker goes on', async (_, mode, message) => {
    const host = thread({ resourceLimits: { maxOldGenerationSizeMb: 64 } });
    const bystander = new RecordingOwner();
    host.startTask(taskSpec('count'), bystander);
    await until(() => expect(bystander.states).toEqual(['running']));
    const owner = new RecordingOwner();
    const task = host.startTask(taskSpec(mode), owner);
    await until(() => expect(owner.states).toContain('failed'));
    expect(owner.failure).toMatchObject({ code: 'HOST_LOST', message: expect.stringMatching(message) });
    expect(owner.statuses.at(-1)).toMatchObject({ lost: true, trace: expect.stringContaining('was lost') });
    expect(bystander.statuses.at(-1)).toMatchObject({ state: 'failed', lost: true });
    expect(host.failure).toBeDefined();
    expect(await task.stop(1000)).toBe('stopped');
    expect(() => host.startTask(taskSpec('count'), owner)).toThrow(/thread of its host/);
  });

  it('rejects the calls under way', async () => {
    const host = thread();
    const call = rejection(host.probe(connectorSpec('probe-hangs'), soon));
    host.startTask(taskSpec('exits'), new RecordingOwner());
    expect(await call).toMatchObject({ code: 'HOST_LOST' });
  });
});

describe('a plugin that blocks its thread', () => {
  it('does not block the worker; the call ends at its deadline, then the thread with its tasks', async () => {
    const host = thread({ unresponsiveMs: 2500 });
    const owner = new RecordingOwner();
    host.startTask(taskSpec('count'), owner);
    await until(() => expect(owner.states).toEqual(['running']));
    const started = performance.now();
    const call = rejection(host.validate(connectorSpec('validate-spins'), { deadlineMs: 200 }));
    let longestPause = 0;
    for (let last = performance.now(); performance.now() - started < 150; ) {
      await new Promise((resolve) => setImmediate(resolve));
      longestPause = Math.max(longestPause, performance.now() - last);
      last = performance.now();
    }
    expect(longestPause).toBeLessThan(150);
    expect(TimeoutError.isInstance(await call)).toBe(true);
    await until(() => expect(owner.states).toEqual(['running', 'failed']));
    expect(owner.failure).toMatchObject({ code: 'HOST_LOST', message: expect.stringContaining('blocked its thread') });
    expect(host.failure).toMatchObject({ code: 'HOST_UNRESPONSIVE' });
  });

  it('in poll is found by its silence', async () => {
    const host = thread({ unresponsiveMs: 2500 });
    const owner = new RecordingOwner();
    host.startTask(taskSpec('poll-spins'), owner);
    await until(() => expect(owner.states).toEqual(['running', 'failed']));
    expect(owner.statuses.at(-1)).toMatchObject({ lost: true });
    expect(host.failure).toMatchObject({ code: 'HOST_UNRESPONSIVE', message: expect.stringContaining('silent for') });
  });

  it('in watch is found by its silence, also where there is no task', async () => {
    const host = thread({ unresponsiveMs: 2500 });
    const owner = new RecordingOwner();
    await host.watch(connectorSpec('watch-spins'), owner, soon);
    await until(() => expect(owner.raised).toHaveLength(1));
    expect(owner.raised[0]).toMatchObject({ code: 'HOST_UNRESPONSIVE' });
  });

  it('is found while a call waits for its answer, long before the deadline of the call', async () => {
    const host = thread({ unresponsiveMs: 2500 });
    const call = rejection(host.validate(connectorSpec('validate-spins'), { deadlineMs: 60_000 }));
    expect(await call).toMatchObject({ code: 'HOST_UNRESPONSIVE' });
  });

  it('in poll is given up after the deadline of its stop', async () => {
    const host = thread({ unresponsiveMs: 2500 });
    const owner = new RecordingOwner();
    const task = host.startTask(taskSpec('poll-spins'), owner);
    await until(() => expect(owner.states).toEqual(['running']));
    expect(await task.stop(50)).toBe('cancelled');
    await until(() => expect(host.failure).toMatchObject({ code: 'HOST_UNRESPONSIVE' }));
    expect(owner.states).toEqual(['running']);
  });
});
