import { DataError, errorToWire, type OffsetMap } from '@millrace/api';
import type { OffsetEntry } from '../offsets/offset-entry.ts';
import type { TaskServices } from '../task/task-runner.ts';
import type { Channel, RequestOptions } from './channel.ts';
import type { FromHost, Handle, ToHost } from './host-messages.ts';

export interface ChannelServicesOptions {
  readonly channel: Channel<FromHost, ToHost>;
  readonly handle: Handle;
  /** Who asks, for errors: `task lines-0`. */
  readonly who: string;
  readonly milliseconds: number;
  /** Aborted when nobody waits for the task any more: it must store nothing from then on. */
  readonly signal: AbortSignal;
}

/** What a task asks of its worker, as messages. */
export function channelServices(options: ChannelServicesOptions): TaskServices {
  const { channel, handle, signal } = options;
  const waiting = (what: string): RequestOptions => ({
    milliseconds: options.milliseconds,
    waitingFor: `the worker to ${what} of ${options.who}`,
    signal,
  });
  return {
    readOffsets: (partitions) => channel.request('readOffsets', { handle, partitions }, waiting('read offsets')),
    offsetKeys: (partitions) => channel.request('offsetKeys', { handle, partitions }, waiting('find the keys')),
    writeOffsets: async (entries) => {
      for (const entry of entries) checkEntry(entry);
      await channel.request('writeOffsets', { handle, entries }, waiting('store offsets'));
    },
    offsetsCommitted: async (entries) => {
      await channel.request('offsetsCommitted', { handle, entries }, waiting('note the offsets'));
    },
    fenceEarlierTasks: async () => {
      await channel.request('fenceEarlierTasks', { handle }, waiting('fence earlier generations'));
    },
    checkGeneration: async () => {
      await channel.request('checkGeneration', { handle }, waiting('check the generation'));
    },
    reconfigure: () => channel.notify('reconfigure', { handle }),
    raiseError: (error) => channel.notify('raiseError', { handle, error: errorToWire(error) }),
  };
}

/** What is no plain value would cross as something else, and be stored as such. */
function checkEntry({ partition, offset }: OffsetEntry): void {
  checkMap('partition', partition);
  if (offset !== null) checkMap('offset', offset);
}

function checkMap(what: 'partition' | 'offset', map: OffsetMap): void {
  for (const [name, value] of Object.entries(map)) {
    if (value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value)) continue;
    throw new DataError(
      `The ${what} of a source record has a field ${name} that is no string, number, bigint, boolean or null: only these can be stored. The connector must be corrected.`,
      { path: name },
    );
  }
}
