import { defineSink, defineSource, type SinkPlugin, type SourcePlugin } from '@millrace/api';
import { version } from '../verifiable/version.ts';
import { faultyConfig, faultySourceConfig } from './config.ts';

/** A source, named in the configuration, of which calls go wrong. */
export const faultySource: SourcePlugin<
  typeof faultySourceConfig,
  Record<never, never>,
  Record<never, never>
> = defineSource({
  name: 'faulty-source',
  version,
  doc: 'Another source, of which calls fail, hang, take long or end with a kill.',
  config: faultySourceConfig,
  partition: {},
  offset: {},
  exactlyOnce: ({ exactlyOnce }) => exactlyOnce,
  tasks: async (request) => (await import('./faulty-tasks.ts')).tasks(request),
  open: async (context) => (await import('./faulty-tasks.ts')).openSource(context),
});

/** A sink, named in the configuration, of which calls go wrong. */
export const faultySink: SinkPlugin<typeof faultyConfig> = defineSink({
  name: 'faulty-sink',
  version,
  doc: 'Another sink, of which calls fail, hang, take long or end with a kill.',
  config: faultyConfig,
  tasks: async (request) => (await import('./faulty-tasks.ts')).tasks(request),
  open: async (context) => (await import('./faulty-tasks.ts')).openSink(context),
});
