import type { MessageEndpoint } from './channel.ts';
import type { HostOptions } from './host.ts';
import { HostServer } from './host-server.ts';
import type { CreateTaskRunner } from './task-run.ts';

/** What the host's side is started with: plain data. */
export interface HostSettings {
  readonly unresponsiveMs: number;
  readonly serviceMs: number;
  readonly metricsMs: number;
  readonly tableBytes: number;
  readonly runners: string;
}

export function withDefaults(options: HostOptions): HostSettings {
  return {
    unresponsiveMs: options.unresponsiveMs ?? 30_000,
    serviceMs: options.serviceMs ?? 300_000,
    metricsMs: options.metricsMs ?? 5000,
    tableBytes: options.tableBytes ?? 256 * 1024 * 1024,
    runners: options.runners ?? import.meta.resolve('#task-runners'),
  };
}

/** Begins to answer at that endpoint. What runs tasks is loaded with the first of them. */
export function startHostServer(endpoint: MessageEndpoint, settings: HostSettings): HostServer {
  const createRunner: CreateTaskRunner = async (options) => {
    const runners = (await import(settings.runners)) as { readonly createTaskRunner: CreateTaskRunner };
    return await runners.createTaskRunner(options);
  };
  return new HostServer({ ...settings, endpoint, createRunner });
}
