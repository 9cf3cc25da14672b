import { describe, expect, it } from 'vitest';
import type { ConnectorState, StateInfo } from '../../src/herder/herder.ts';
import { KeyedTurns } from '../../src/herder/keyed-turns.ts';
import { LoggerLevels } from '../../src/herder/log-levels.ts';
import { patchConfig } from '../../src/herder/patch-config.ts';
import { planRestart } from '../../src/herder/restart-plan.ts';
import { parseSinkOffsets } from '../../src/herder/sink-offsets.ts';
import { unresolvedConfig } from '../../src/herder/unresolved-config.ts';
import { parseVersionRange } from '../../src/herder/version-range.ts';
import { WorkStages } from '../../src/herder/work-stages.ts';

describe('a patch', () => {
  it('sets keys, takes away those that are null, and leaves the others', () => {
    expect(patchConfig({ a: '1', b: '2', c: '3' }, { b: null, c: '4', d: '5', e: null })).toEqual({
      a: '1',
      c: '4',
      d: '5',
    });
  });
});

describe('the plan of a restart', () => {
  const info = (state: StateInfo['state']) => ({ state, worker_id: 'w:1' });
  const state: ConnectorState = {
    name: 'c',
    type: 'source',
    connector: info('RUNNING'),
    tasks: [
      { id: 0, ...info('RUNNING') },
      { id: 1, ...info('FAILED'), trace: 'why' },
    ],
  };

  it.each([
    [{ includeTasks: false, onlyFailed: false }, true, []],
    [{ includeTasks: true, onlyFailed: false }, true, [0, 1]],
    [{ includeTasks: false, onlyFailed: true }, false, []],
    [{ includeTasks: true, onlyFailed: true }, false, [1]],
  ])('for %o', (request, restartsConnector, tasks) => {
    const plan = planRestart(state, request);
    expect(plan).toMatchObject({ restartsConnector, tasks });
    expect(plan.state.connector.state).toBe(restartsConnector ? 'RESTARTING' : 'RUNNING');
    expect(plan.state.tasks.filter((task) => task.state === 'RESTARTING').map(({ id }) => id)).toEqual(tasks);
    expect(plan.state.tasks[1]?.trace).toBe('why');
  });

  it('restarts a connector that has failed', () => {
    const failed = { ...state, connector: info('FAILED') };
    expect(planRestart(failed, { includeTasks: false, onlyFailed: true }).restartsConnector).toBe(true);
  });
});

describe('levels of loggers', () => {
  const levels = (changed: (levels: unknown) => void = () => undefined) =>
    new LoggerLevels({ classes: ['org.a.One', 'org.a.Two', 'org.ab.Three'], changed, now: () => 5 });

  it('hold for everything below a name, and tell only of what has changed', () => {
    const told: unknown[] = [];
    const loggers = levels((to) => told.push(to));
    expect(loggers.set('org.a', 'debug')).toEqual(['org.a', 'org.a.One', 'org.a.Two']);
    expect(loggers.set('org.a.One', 'DEBUG')).toEqual([]);
    expect(loggers.all()['org.a.One']).toEqual({ level: 'DEBUG', last_modified: 5 });
    expect(loggers.all()['org.ab.Three']).toEqual({ level: 'INFO', last_modified: null });
    expect(told).toEqual([
      {
        root: 'info',
        classes: { 'org.a': 'debug', 'org.a.One': 'debug', 'org.a.Two': 'debug', 'org.ab.Three': 'info' },
      },
    ]);
  });

  it('hold for all from the root on, and for new names what is above them', () => {
    const loggers = levels();
    expect(loggers.set('root', 'WARN')).toEqual(['org.a.One', 'org.a.Two', 'org.ab.Three', 'root']);
    expect(loggers.set('org.a', 'WARN')).toEqual([]);
  });

  it('refuse what is no level', () => {
    expect(() => levels().set('root', 'LOUD')).toThrow("invalid log level 'LOUD'.");
  });
});

describe('a range of versions', () => {
  it.each([
    ['1.2', '1.2', true],
    ['1.2', '1.2.1', false],
    ['[1.0,2.0)', '1.10', true],
    ['[1.0,2.0)', '2.0', false],
    ['(,3]', '3.0', true],
    ['(1,)', '1', false],
    ['[2]', '2', true],
  ])('%s and %s: %s', (range, version, included) => {
    expect(parseVersionRange(range)?.includes(version)).toBe(included);
  });

  it.each(['[[', '[', '1,2', '[]'])('is not %s', (text) => {
    expect(() => parseVersionRange(text)).toThrow(`Invalid version specification: ${text}`);
  });

  it.each([undefined, '', 'latest'])('is the newest for %s', (text) => {
    expect(parseVersionRange(text)).toBeUndefined();
  });
});

describe('offsets of sinks', () => {
  const at = (partition: Record<string, unknown>, offset: Record<string, unknown> | null) =>
    parseSinkOffsets([{ partition, offset } as never]);

  it('may be given as texts', () => {
    expect(at({ kafka_topic: 't', kafka_partition: '3' }, { kafka_offset: '7' })).toEqual([
      { partition: { topic: 't', partition: 3 }, offset: 7 },
    ]);
    expect(at({ kafka_topic: 't', kafka_partition: 0 }, null)).toEqual([
      { partition: { topic: 't', partition: 0 }, offset: null },
    ]);
  });

  it.each([
    [{ topic: 't' }, null, "must contain the keys 'kafka_topic' and 'kafka_partition'"],
    [{ kafka_topic: 't', kafka_partition: 'x' }, null, "partition value in the provided offsets: 'x'"],
    [{ kafka_topic: 't', kafka_partition: 0 }, { o: 1 }, "either be null or contain the key 'kafka_offset'"],
    [{ kafka_topic: 't', kafka_partition: 0 }, { kafka_offset: 1.5 }, "offset value in the provided offsets: '1.5'"],
    [{ kafka_topic: null, kafka_partition: 0 }, null, 'may not be null'],
  ])('are not %o %o', (partition, offset, message) => {
    expect(() => at(partition, offset)).toThrow(message);
  });
});

describe('a task configuration', () => {
  it('is shown with the variables that the user wrote', () => {
    const variable = ['$', '{file:a:b}'].join('');
    const written = { password: variable, url: 'x' };
    const task = { password: 'secret', url: 'x', other: 'secret', 'task.class': 'T' };
    expect(unresolvedConfig(task, written, { password: 'secret', url: 'x' })).toEqual({
      ...task,
      password: variable,
    });
  });
});

describe('turns', () => {
  it('follow one another under one key, also behind a failure', async () => {
    const turns = new KeyedTurns();
    const order: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = turns.run('a', async () => {
      await promise;
      order.push('first');
      throw new Error('failed');
    });
    const second = turns.run('a', async () => void order.push('second'));
    await turns.run('b', async () => void order.push('other'));
    resolve();
    await expect(first).rejects.toThrow('failed');
    await second;
    expect(order).toEqual(['other', 'first', 'second']);
    await turns.settled();
  });
});

describe('stages', () => {
  it('name what goes on, and what was done last', async () => {
    const stages = new WorkStages(() => 0);
    const { promise, resolve } = Promise.withResolvers<void>();
    const work = stages.during('starting connector c', () => promise);
    expect(stages.summary).toBe(
      'The worker is currently starting connector c, which began at 1970-01-01T00:00:00.000Z',
    );
    resolve();
    await work;
    expect(stages.summary).toContain('The last operation the worker completed was starting connector c');
  });
});
