import { ConfigError, MillraceError } from '@millrace/api';
import {
  createWorker,
  type Herder,
  type Log,
  type OffsetStore,
  type PluginRegistry,
  type RestServer,
  StandaloneHerder,
  startRestServer,
} from '@millrace/runtime';
import { InputError, messageOf, StartError } from '../command.ts';
import { version } from '../version.ts';

export interface StartWorkerOptions {
  readonly properties: Readonly<Record<string, string>>;
  readonly registry: PluginRegistry;
  /** Opens the store of source offsets, once the addresses of REST are bound. */
  readonly openOffsets: () => Promise<OffsetStore>;
  readonly log: Log;
}

/** A worker with its REST interface, which answers once {@link RunningWorker.serve} was called. */
export interface RunningWorker {
  readonly herder: Herder;
  readonly restUrl: string;
  serve(herder: Herder): void;
  /** Takes no more requests, stops the tasks in good order and commits what they have done. */
  close(): Promise<void>;
}

const restCloseMs = 5000;

/** Starts a worker without connectors. When one part cannot start, those before it are closed. @throws CommandError */
export async function startWorker(options: StartWorkerOptions): Promise<RunningWorker> {
  const { properties, registry, openOffsets, log } = options;
  let rest: RestServer | undefined;
  let offsets: OffsetStore | undefined;
  try {
    rest = await startRestServer({ properties, closeMs: restCloseMs, log: log.line });
    offsets = await openOffsets();
    const worker = await createWorker({ properties, plugins: registry, offsets, log: log.line });
    const { workerId } = rest;
    const herder = new StandaloneHerder({ worker, workerId, offsets, version, commit: 'unknown' });
    return new Running(rest, herder);
  } catch (error) {
    await Promise.allSettled([rest?.close(), offsets?.close()]);
    throw asCommandError(error, log);
  }
}

class Running implements RunningWorker {
  readonly herder: Herder;
  readonly #rest: RestServer;

  constructor(rest: RestServer, herder: Herder) {
    this.#rest = rest;
    this.herder = herder;
  }

  get restUrl(): string {
    return this.#rest.urls[0] ?? '';
  }

  serve(herder: Herder): void {
    this.#rest.serve(herder);
  }

  async close(): Promise<void> {
    await Promise.all([this.#rest.close(), this.herder.close()]);
  }
}

function asCommandError(error: unknown, { redactor }: Log): unknown {
  if (ConfigError.isInstance(error)) {
    const problems = error.problems.map(({ key, message }) => `\n  ${key}: ${message}`);
    const text = problems.length > 0 ? `these keys are wrong:${problems.join('')}` : error.message;
    return new InputError(redactor.text(`the configuration of the worker is wrong; ${text}`), { cause: error });
  }
  return MillraceError.isInstance(error) ? new StartError(redactor.text(messageOf(error)), { cause: error }) : error;
}
