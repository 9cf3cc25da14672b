import {
  type ConfigOf,
  MillraceError,
  type OffsetFields,
  type OffsetMap,
  type OffsetValue,
  parseConfig,
  type SinkPlugin,
  type SinkTask,
  type SinkTaskContext,
  type SourceOffsets,
  type SourcePlugin,
  type SourceTask,
  type SourceTaskContext,
  type TaskConfig,
  type TasksRequest,
} from '@millrace/api';
import type { faultyConfig } from './config.ts';
import { Faults } from './faults.ts';
import { openFaultySink, openFaultySource } from './with-faults.ts';

type Config = ConfigOf<typeof faultyConfig>;

/** The tasks of the inner connector, each with what goes wrong. */
export async function tasks({ config, raw, max, signal }: TasksRequest<Config>): Promise<readonly TaskConfig[]> {
  const inner = await load(config);
  const own = Object.fromEntries(Object.entries(raw).filter(([key]) => key === 'faults' || key.startsWith('faulty.')));
  const innerConfig = parseConfig(inner.config, raw).config;
  const made =
    (await inner.tasks?.({ config: innerConfig, raw, max, signal })) ??
    Array.from({ length: inner.kind === 'source' ? 1 : max }, () => raw);
  return made.map((task) => ({ ...task, ...own }));
}

export async function openSource(context: SourceTaskContext<Config>): Promise<SourceTask> {
  const inner = await load(context.config);
  if (inner.kind !== 'source') throw new MillraceError(`faulty-source needs a source; ${inner.name} is a sink.`);
  const config: unknown = parseConfig(inner.taskConfig ?? inner.config, context.taskConfig).config;
  const offsets = withTypes(inner.offset, context.offsets);
  return await openFaultySource(faultsOf(context), () =>
    inner.open({ ...context, config, offsets } as Parameters<SourcePlugin['open']>[0]),
  );
}

export async function openSink(context: SinkTaskContext<Config>): Promise<SinkTask> {
  const inner = await load(context.config);
  if (inner.kind !== 'sink') throw new MillraceError(`faulty-sink needs a sink; ${inner.name} is a source.`);
  const config: unknown = parseConfig(inner.taskConfig ?? inner.config, context.taskConfig).config;
  return await openFaultySink(faultsOf(context), () =>
    inner.open({ ...context, config } as Parameters<SinkPlugin['open']>[0]),
  );
}

function faultsOf({ config, signal }: { readonly config: Config; readonly signal: AbortSignal }): Faults {
  return new Faults({ faults: config.faults, marks: config.marks ?? undefined, signal });
}

async function load({ module, export: name }: Config): Promise<SourcePlugin | SinkPlugin> {
  const exported = (await import(module)) as Readonly<Record<string, unknown>>;
  const plugin = exported[name];
  if (isConnector(plugin)) return plugin;
  throw new MillraceError(`${module} exports no connector ${name}; faulty.module and faulty.export have to name one.`);
}

function isConnector(value: unknown): value is SourcePlugin | SinkPlugin {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && (value.kind === 'source' || value.kind === 'sink')
  );
}

/** The worker does not know what the inner connector declares, and gives integers as bigints. */
function withTypes(
  fields: OffsetFields,
  offsets: SourceOffsets<OffsetMap, OffsetMap>,
): SourceOffsets<OffsetMap, OffsetMap> {
  const typed = (offset: OffsetMap | undefined): OffsetMap | undefined => {
    if (offset === undefined) return undefined;
    const value = ([name, stored]: [string, OffsetValue]): [string, OffsetValue] => {
      const isNumber = fields[name]?.startsWith('safeInt') === true || fields[name]?.startsWith('float64') === true;
      return [name, isNumber && typeof stored === 'bigint' ? Number(stored) : stored];
    };
    return Object.fromEntries(Object.entries(offset).map(value));
  };
  return {
    partition: (partition) => offsets.partition(partition),
    get: async (partition) => typed(await offsets.get(partition)),
    getAll: async (partitions) => (await offsets.getAll(partitions)).map(typed),
  };
}
