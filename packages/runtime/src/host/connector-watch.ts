import { type ConnectorContext, type Logger, MillraceError, TimeoutError, withDeadline } from '@millrace/api';
import { createPluginMetrics } from '../plugins/plugin-metrics.ts';
import { SourcePartitions } from '../source/source-partitions.ts';
import { storedOffsets } from '../source/stored-offsets.ts';
import type { TaskServices } from '../task/task-runner.ts';
import { openConnector } from './connector-calls.ts';
import type { ConnectorSpec } from './host-messages.ts';

export interface ConnectorWatchOptions {
  readonly connector: ConnectorSpec;
  readonly services: (signal: AbortSignal) => Pick<TaskServices, 'readOffsets' | 'reconfigure' | 'raiseError'>;
  readonly log: Logger;
}

/** The work that a connector does beside its tasks. */
export class ConnectorWatch {
  readonly #controller = new AbortController();
  readonly #options: ConnectorWatchOptions;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: ConnectorWatchOptions) {
    this.#options = options;
  }

  /** `false`: the connector watches nothing. What goes wrong later fails the connector. */
  async start(): Promise<boolean> {
    const { connector, log } = this.#options;
    const { plugin, config } = await openConnector(connector);
    if (plugin.watch === undefined) return false;
    const { signal } = this.#controller;
    const services = this.#options.services(signal);
    const context: ConnectorContext<typeof config> = {
      config,
      log,
      metrics: createPluginMetrics().metrics,
      signal,
      reconfigure: () => services.reconfigure(),
      raiseError: (error) => services.raiseError(error),
    };
    const watching =
      plugin.kind === 'sink'
        ? plugin.watch(context)
        : plugin.watch({
            ...context,
            offsets: storedOffsets({ fields: plugin.offset, services, partitions: new SourcePartitions() }) as never,
          });
    this.#ended = watching.catch((error: unknown) => {
      if (!signal.aborted) services.raiseError(error instanceof Error ? error : new MillraceError(String(error)));
    });
    return true;
  }

  /** Waits no longer than that for it to end. */
  async stop(deadlineMs: number): Promise<void> {
    this.#controller.abort(new MillraceError('The connector was stopped.', { code: 'STOPPED' }));
    try {
      await withDeadline({ waitingFor: 'the watch to end', milliseconds: deadlineMs }, () => this.#ended);
    } catch (error) {
      if (!TimeoutError.isInstance(error)) throw error;
      this.#options.log.warn(`The connector's watch has not ended after ${deadlineMs} ms; it is left to itself.`);
    }
  }
}
