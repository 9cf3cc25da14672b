import type {
  ConfigKeys,
  OffsetFields,
  SinkPlugin,
  SinkTask,
  SourcePlugin,
  SourceTask,
  TopicPartitionOffset,
} from '@millrace/api';
import { parseFaults } from './fault.ts';
import { Faults } from './faults.ts';

/**
 * The same connector, of which calls go wrong: `withFaults(fileSource, 'poll#2=retriable')`. A module that exports it is a
 * manifest for a worker. Where a configuration should say what goes wrong, use `faulty-source` and `faulty-sink`.
 *
 * @param marks see {@link Faults}: a directory that lets each fault happen once
 */
export function withFaults<K extends ConfigKeys, P extends OffsetFields, O extends OffsetFields, T extends ConfigKeys>(
  plugin: SourcePlugin<K, P, O, T>,
  faults: string,
  marks?: string,
): SourcePlugin<K, P, O, T>;
export function withFaults<K extends ConfigKeys, T extends ConfigKeys>(
  plugin: SinkPlugin<K, T>,
  faults: string,
  marks?: string,
): SinkPlugin<K, T>;
export function withFaults(plugin: SourcePlugin | SinkPlugin, text: string, marks?: string): SourcePlugin | SinkPlugin {
  const faultsOf = ({ signal }: { readonly signal: AbortSignal }): Faults =>
    new Faults({ faults: parseFaults(text), marks, signal });
  if (plugin.kind === 'source') {
    const open: SourcePlugin['open'] = (context) => openFaultySource(faultsOf(context), () => plugin.open(context));
    return { ...plugin, open };
  }
  const open: SinkPlugin['open'] = (context) => openFaultySink(faultsOf(context), () => plugin.open(context));
  return { ...plugin, open };
}

export async function openFaultySource<P, O>(
  faults: Faults,
  open: () => SourceTask<P, O> | Promise<SourceTask<P, O>>,
): Promise<SourceTask<P, O>> {
  const task = await faults.around('open', open);
  return {
    poll: () => faults.around('poll', () => task.poll()),
    commit: () => faults.around('commit', () => task.commit?.()),
    committed: (records, metadata) => faults.around('committed', () => task.committed?.(records, metadata)),
    close: () => faults.around('close', () => task.close?.()),
  };
}

export async function openFaultySink(faults: Faults, open: () => SinkTask | Promise<SinkTask>): Promise<SinkTask> {
  const task = await faults.around('open', open);
  const preCommit = async (offsets: readonly TopicPartitionOffset[]): Promise<readonly TopicPartitionOffset[]> => {
    if (task.preCommit !== undefined) return await task.preCommit(offsets);
    await faults.around('flush', () => task.flush?.(offsets));
    return offsets;
  };
  return {
    put: (records) => faults.around('put', () => task.put(records)),
    preCommit: (offsets) => faults.around('preCommit', () => preCommit(offsets)),
    partitionsAssigned: (partitions) =>
      faults.around('partitionsAssigned', () => task.partitionsAssigned?.(partitions)),
    partitionsRevoked: (partitions, lost) =>
      faults.around('partitionsRevoked', () => task.partitionsRevoked?.(partitions, lost)),
    close: () => faults.around('close', () => task.close?.()),
  };
}
