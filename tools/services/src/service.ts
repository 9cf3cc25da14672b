import { rmSync } from 'node:fs';
import { ControlClient, type HubPort } from './control-client.ts';
import { usageError } from './errors.ts';
import { externalEnvironment, externalVariable } from './external.ts';
import { createRunDirectory } from './run-directory.ts';
import { ServiceHub } from './service-hub.ts';
import { definitionOf, type EnvironmentOf, type ServiceName } from './services/catalog.ts';

/** Carries the address of the run's control server to the processes of the tests. */
export const CONTROL_VARIABLE = 'MILLRACE_SERVICES_CONTROL';

export interface ServiceRequest {
  /** The service's options, and settings for its own configuration. */
  readonly options?: Readonly<Record<string, string>>;
  /** A private instance instead of the one that the whole run shares. */
  readonly fresh?: boolean;
}

/** A running service. Where it has several processes, the methods act on all of them or on the one that is named. */
export interface Service<Name extends ServiceName = ServiceName> {
  readonly name: Name;
  /** The main address: bootstrap servers or a URL. */
  readonly address: string;
  /** What `pnpm services start` exports. */
  readonly env: EnvironmentOf<Name>;
  /** Stops what still runs and starts it again on the same data and ports; resolves when ready. */
  restart(process?: string): Promise<void>;
  /** SIGKILL; resolves when the processes are gone. */
  kill9(process?: string): Promise<void>;
  /** SIGSTOP: the service hangs. */
  pause(process?: string): Promise<void>;
  resume(process?: string): Promise<void>;
  /** Ends it and removes its data. A later `service()` starts a new one. */
  stop(): Promise<void>;
}

let ownHub: Promise<HubPort> | undefined;

/**
 * The running service of that name: the one that the whole test run shares, started on first need, unless a private one is
 * asked for. Outside a test run this process is the owner, and the services end with it.
 *
 * @throws ServiceUnavailableError when a program that the service needs is missing.
 */
export async function service<Name extends ServiceName>(
  name: Name,
  request: ServiceRequest = {},
): Promise<Service<Name>> {
  const external = externalService(name);
  if (external !== undefined) return external;
  const hub = await findHub();
  const { id, address, env } = await hub.start({ name, ...request });
  return {
    name,
    address,
    env: env as EnvironmentOf<Name>,
    restart: (process) => hub.act(id, 'restart', process),
    kill9: (process) => hub.act(id, 'kill9', process),
    pause: (process) => hub.act(id, 'pause', process),
    resume: (process) => hub.act(id, 'resume', process),
    stop: () => hub.act(id, 'stop'),
  };
}

function findHub(): Promise<HubPort> {
  const address = process.env[CONTROL_VARIABLE];
  if (address !== undefined) return Promise.resolve(new ControlClient(address));
  ownHub ??= createRunDirectory().then((directory) => {
    process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
    return new ServiceHub(directory);
  });
  return ownHub;
}

/** Somebody else's service can be used but not steered; to stop it is nobody's wish and does nothing. */
function externalService<Name extends ServiceName>(name: Name): Service<Name> | undefined {
  const env = externalEnvironment(name);
  if (env === undefined) return undefined;
  const refuse = async () => {
    throw usageError(
      `${name} was given by ${externalVariable(name)}, so it cannot be restarted, killed or paused from here`,
    );
  };
  return {
    name,
    address: env[definitionOf(name).address] ?? '',
    env: env as EnvironmentOf<Name>,
    restart: refuse,
    kill9: refuse,
    pause: refuse,
    resume: refuse,
    stop: async () => undefined,
  };
}
