import { configDefJson, configInfosJson } from '@millrace/api';
import { describe, expect, test } from 'vitest';
import { fileStreamSink, fileStreamSource } from '../src/plugin.ts';

/** As Java Connect 4.3.1 answers `/connector-plugins/{plugin}/config`. */
function keyJson(name: string, rest: Readonly<Record<string, unknown>>) {
  return { name, group: null, order_in_group: -1, width: 'NONE', display_name: name, dependents: [], ...rest };
}
const file = { type: 'STRING', required: false, default_value: null, importance: 'HIGH' };

test('the keys of the source are those of Java', () => {
  expect(configDefJson(fileStreamSource.config)).toEqual([
    keyJson('file', { ...file, documentation: 'Source filename. If not specified, the standard input will be used' }),
    keyJson('topic', {
      type: 'STRING',
      required: true,
      default_value: null,
      importance: 'HIGH',
      documentation: 'The topic to publish data to',
    }),
    keyJson('batch.size', {
      type: 'INT',
      required: false,
      default_value: '2000',
      importance: 'LOW',
      documentation: 'The maximum number of records the source task can read from the file each time it is polled',
    }),
  ]);
});

test('the key of the sink is that of Java', () => {
  expect(configDefJson(fileStreamSink.config)).toEqual([
    keyJson('file', {
      ...file,
      documentation: 'Destination filename. If not specified, the standard output will be used',
    }),
  ]);
});

test.each([
  [{}, ['Missing required configuration "topic" which has no default value.']],
  [{ topic: '' }, ['Invalid value  for configuration topic: String must be non-empty']],
  [{ topic: 't', 'batch.size': 'x' }, ['Invalid value x for configuration batch.size: Not a number of type INT']],
  [{ topic: 't', 'batch.size': '0' }, []],
])('a configuration is validated as in Java: %j', (config, errors) => {
  const { configs } = configInfosJson('x', fileStreamSource.config, config);
  expect(configs.flatMap(({ value }) => value.errors)).toEqual(errors);
});

test('the Java classes are those of Kafka', () => {
  expect([fileStreamSource.java, fileStreamSink.java]).toEqual([
    [
      {
        connector: 'org.apache.kafka.connect.file.FileStreamSourceConnector',
        task: 'org.apache.kafka.connect.file.FileStreamSourceTask',
      },
    ],
    [
      {
        connector: 'org.apache.kafka.connect.file.FileStreamSinkConnector',
        task: 'org.apache.kafka.connect.file.FileStreamSinkTask',
      },
    ],
  ]);
});

const config = { file: '/in', topic: 't', batchSize: 2000 };

test.each([
  ['/in', 'supported'],
  ['', 'unsupported'],
  [null, 'unsupported'],
])('exactly-once needs a file: %j', (name, expected) => {
  expect(fileStreamSource.exactlyOnce?.({ ...config, file: name })).toBe(expected);
});

describe('offsets that a user sets', () => {
  const signal = new AbortController().signal;
  const alter = (changes: unknown, name: string | null = '/in') =>
    fileStreamSource.alterOffsets?.({ ...config, file: name }, changes as never, signal);
  const partition = { filename: '/in' };

  test.each([
    [[{ partition, offset: { position: 0n } }]],
    [[{ partition: { filename: '/other' }, offset: { position: 5n } }]],
    [[{ partition: { whatever: 'is forgotten' }, offset: null }]],
  ])('are taken: %#', async (changes) => {
    await expect(alter(changes)).resolves.toBeUndefined();
  });

  test.each([
    [{ partition, offset: { pos: 5n } }, "Offset objects should either be null or contain the key 'position'"],
    [
      { partition, offset: { position: 'abc' } },
      "The value for the 'position' key in the offset is expected to be a Long value",
    ],
    [
      { partition, offset: { position: -5n } },
      "The value for the 'position' key in the offset should be a non-negative value",
    ],
    [{ partition: null, offset: { position: 1n } }, 'Partition objects cannot be null'],
    [{ partition: { foo: 'x' }, offset: { position: 5n } }, "Partition objects should contain the key 'filename'"],
  ])('are refused in the words of Java: %#', async (change, message) => {
    await expect(alter([change])).rejects.toMatchObject({ kind: 'config', message });
  });

  test('are refused without a file', async () => {
    await expect(alter([], null)).rejects.toThrow(
      "Offsets cannot be modified if the 'file' configuration is unspecified.",
    );
  });
});
