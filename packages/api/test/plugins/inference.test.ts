import {
  type ConfigOf,
  defineConverter,
  definePredicate,
  defineSink,
  defineSource,
  defineTransform,
  int,
  list,
  type OffsetOf,
  type SinkRecord,
  SourceRecord,
  string,
} from '@millrace/api';
import { expect, expectTypeOf, test } from 'vitest';

test('types flow from a source definition into its functions, with no annotation', () => {
  const source = defineSource({
    name: 'numbers',
    version: '1.0.0',
    config: {
      topic: string('topic', { doc: 'Topic.' }),
      file: string('file', { doc: 'File.', default: null }),
      batchSize: int('batch.size', { doc: 'Batch.', default: 2000 }),
      tables: list('tables', { doc: 'Tables.', default: [] }),
    },
    partition: { database: 'string', table: 'string?' },
    offset: { position: 'int64', page: 'safeInt' },
    exactlyOnce: (config) => {
      expectTypeOf(config.file).toEqualTypeOf<string | null>();
      return config.file === null ? 'unsupported' : 'supported';
    },
    tasks: ({ config, max }) => {
      expectTypeOf(config.tables).toEqualTypeOf<readonly string[]>();
      return config.tables.slice(0, max).map((table) => ({ table }));
    },
    open: async ({ config, offsets }) => {
      expectTypeOf(config.batchSize).toEqualTypeOf<number>();
      const partition = offsets.partition({ database: 'd', table: null });
      expectTypeOf(partition).toEqualTypeOf<{ readonly database: string; readonly table: string | null }>();
      const offset = await offsets.get(partition);
      expectTypeOf(offset).toEqualTypeOf<{ readonly position: bigint; readonly page: number } | undefined>();
      return {
        poll: async () => [
          new SourceRecord({
            topic: config.topic,
            sourcePartition: partition,
            sourceOffset: { position: 1n, page: 2 },
          }),
        ],
      };
    },
  });
  expect(source.kind).toBe('source');
  expectTypeOf<ConfigOf<typeof source.config>['topic']>().toEqualTypeOf<string>();
  expectTypeOf<OffsetOf<typeof source.offset>['position']>().toEqualTypeOf<bigint>();
});

test('a task may have keys of its own', () => {
  const source = defineSource({
    name: 'pages',
    version: '1.0.0',
    config: { url: string('url', { doc: 'URL.' }) },
    taskConfig: { page: int('page', { doc: 'Page.' }) },
    partition: {},
    offset: {},
    tasks: ({ config }) => {
      expectTypeOf(config).toEqualTypeOf<{ readonly url: string }>();
      return [{ page: '1' }];
    },
    open: ({ config }) => {
      expectTypeOf(config).toEqualTypeOf<{ readonly page: number }>();
      return { poll: async () => null };
    },
  });
  expect(source.taskConfig?.page.name).toBe('page');
});

test('a record with the wrong offset does not compile', () => {
  defineSource({
    name: 'wrong',
    version: '1.0.0',
    config: {},
    partition: { file: 'string' },
    offset: { position: 'int64' },
    open: ({ offsets }) => {
      expectTypeOf<{ position: number }>().not.toExtend<NonNullable<Awaited<ReturnType<typeof offsets.get>>>>();
      return { poll: async () => null };
    },
  });
  expectTypeOf<SourceRecord<{ file: string }, { position: number }>>().not.toExtend<
    SourceRecord<{ file: string }, { position: bigint }>
  >();
});

test('sinks, transforms, predicates and converters infer alike', () => {
  const sink = defineSink({
    name: 's',
    version: '1.0.0',
    config: { path: string('path', { doc: 'Path.', default: null }) },
    open: ({ config, reportErrant }) => {
      expectTypeOf(config.path).toEqualTypeOf<string | null>();
      expectTypeOf(reportErrant).toEqualTypeOf<((record: SinkRecord, error: Error) => Promise<void>) | undefined>();
      return {
        put: (records) => {
          expectTypeOf(records).toEqualTypeOf<readonly SinkRecord[]>();
        },
      };
    },
  });
  const transform = defineTransform({
    name: 't',
    version: '1.0.0',
    config: { topic: string('topic', { doc: 'Topic.' }) },
    create: ({ config }) => ({ apply: (record) => record.with({ topic: config.topic }) as typeof record }),
  });
  const predicate = definePredicate({
    name: 'p',
    version: '1.0.0',
    config: { topic: string('topic', { doc: 'Topic.' }) },
    create: ({ config }) => ({ test: (record) => record.topic === config.topic }),
  });
  const converter = defineConverter({
    name: 'c',
    version: '1.0.0',
    config: { size: int('size', { doc: 'Size.', default: 1 }) },
    create: ({ config, part }) => {
      expectTypeOf(part).toEqualTypeOf<'key' | 'value' | 'header'>();
      expectTypeOf(config.size).toEqualTypeOf<number>();
      return { encode: () => false, decode: () => ({ schema: null, value: null }) };
    },
  });
  expect([sink, transform, predicate, converter].map(({ kind }) => kind)).toEqual([
    'sink',
    'transform',
    'predicate',
    'converter',
  ]);
});
