import { ConfigError, SinkRecord, silentLogger } from '@millrace/api';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { assembleTask, closeParts, transformClasses } from '../../src/plugins/assemble-task.ts';
import type { TaskSpec } from '../../src/task/task-spec.ts';
import { events } from '../host/fixtures/plugins.ts';
import { configured, reference, taskSpec } from '../host/fixtures/specs.ts';

const assemble = (changes: Partial<TaskSpec>, signal = new AbortController().signal) =>
  assembleTask({ spec: taskSpec('count', changes), log: silentLogger, signal });

const to = (alias: string, topic: string, mode = '') => ({ ...configured('transform', { topic, mode }), alias });
const record = (topic: string) =>
  new SinkRecord({ topic, partition: 0, offset: 0, timestamp: 0, timestampType: 'none', key: null, value: null });

describe('the parts of a task', () => {
  beforeEach(() => {
    events.length = 0;
  });

  it('are made with their configuration, know which part they work on, and are closed', async () => {
    const parts = await assemble({ keyConverter: configured('converter', { size: '7' }), transforms: [to('a', 'x')] });
    expect(events).toEqual(['open key 7', 'open value 1', 'open transform x']);
    await closeParts(parts);
    expect(events.slice(3).sort()).toEqual(['close header', 'close key', 'close transform x', 'close value']);
  });

  it('have transforms that follow their predicates', async () => {
    const predicate = { ...configured('predicate', { name: 'from' }), alias: 'isFrom' };
    const { chain } = await assemble({
      transforms: [
        { ...to('first', 'changed'), predicate: { ...predicate, negate: false } },
        { ...to('second', 'other'), predicate: { ...predicate, negate: true } },
      ],
    });
    expect((await chain.applyChain(record('from')))?.topic).toBe('other');
    expect(chain.stages.map(({ name }) => name)).toEqual(['first', 'second']);
  });

  it('are not made at all when anything is wrong with a configuration, and every problem is told', async () => {
    const predicate = { ...configured('predicate', {}), alias: 'p', negate: false };
    const made = assemble({
      keyConverter: configured('converter', { size: '0' }),
      valueConverter: configured('converter', { size: 'x' }),
      transforms: [{ ...configured('transform'), alias: 'a', predicate }, to('b', 'odd')],
    });
    const error: unknown = await made.catch((caught) => caught);
    expect(ConfigError.isInstance(error) && error.problems).toEqual([
      {
        key: 'key.converter.size',
        message: 'key.converter.size: Invalid value 0 for configuration size: Value must be at least 1',
      },
      {
        key: 'value.converter.size',
        message: 'value.converter.size: Invalid value x for configuration size: Not a number of type INT',
      },
      {
        key: 'value.converter.size',
        message: 'value.converter.size: Invalid value null for configuration size: Value must be non-null',
      },
      {
        key: 'transforms.a.topic',
        message: 'transforms.a.topic: Missing required configuration "topic" which has no default value.',
      },
      {
        key: 'predicates.p.name',
        message: 'predicates.p.name: Missing required configuration "name" which has no default value.',
      },
      { key: 'transforms.b.topic', message: 'transforms.b.topic: odd topics are refused' },
    ]);
    expect(events).toEqual([]);
  });

  it('are closed when one of them cannot be made', async () => {
    await expect(assemble({ transforms: [to('a', 'x'), to('b', 'y', 'throws')] })).rejects.toThrow('cannot be made');
    expect(events.filter((event) => event.startsWith('open'))).toHaveLength(3);
    expect(events.filter((event) => event.startsWith('close')).sort()).toEqual([
      'close header',
      'close key',
      'close transform x',
      'close value',
    ]);
  });

  it('are given up when the task is stopped meanwhile', async () => {
    const controller = new AbortController();
    const made = assemble({ transforms: [to('a', 'x', 'hangs')] }, controller.signal);
    await vi.waitFor(() => expect(events).toEqual(['open key 1', 'open value 1']));
    controller.abort(new Error('stopped'));
    await expect(made).rejects.toThrow('stopped');
    expect(events.filter((event) => event.startsWith('close'))).toHaveLength(3);
  });

  it('name the missing one when a plugin is not there', async () => {
    const gone = { plugin: reference('gone'), config: {} };
    await expect(assemble({ headerConverter: gone })).rejects.toMatchObject({ code: 'PLUGIN_NOT_FOUND' });
  });

  it('have classes by the alias of their transforms, for the context of errors', () => {
    const spec = taskSpec('count', { transforms: [to('a', 'x')] });
    expect(transformClasses(spec)).toEqual(new Map([['a', 'example.transform']]));
  });
});
