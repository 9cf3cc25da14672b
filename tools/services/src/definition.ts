/** The only address that anything here binds or connects to. */
export const HOST = '127.0.0.1';

/** One process of a service. Its output goes to `<name>.log` in the instance's directory, which is also its working directory. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** The system user to run as when the owner is root. */
  readonly user?: string;
}

/** One instance, as its definition sees it. */
export interface ServiceContext<Option extends string = string> {
  /** Holds everything of this instance; exists. */
  readonly directory: string;
  readonly port: number;
  readonly options: Readonly<Record<Option, string>>;
  /** The given keys that are no options: they belong into the service's own configuration. */
  readonly settings: ReadonlyMap<string, string>;
  readonly isRunning: (process: string) => boolean;
}

export type ServiceEnvironment = Readonly<Record<string, string | undefined>>;

/** A service that can be installed and started. */
export interface ServiceDefinition<
  Option extends string = string,
  Environment extends ServiceEnvironment = ServiceEnvironment,
> {
  readonly description: string;
  readonly version: string;
  /** Option → default. */
  readonly options: Readonly<Record<Option, string>>;
  /** What any other `KEY=VALUE` becomes, for instance "a line of server.properties". Left out: other keys are refused. */
  readonly settings?: string;
  /** Options that default to the address of another service's shared instance. */
  readonly needs?: Partial<Record<Option, string>>;
  /** Asks a process to end in an orderly way. Default: SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** After this time an orderly stop becomes a SIGKILL. Default: 15 000 ms. */
  readonly stopTimeout?: number;
  /** The variable that is the service's main address. */
  readonly address: keyof Environment & string;

  /** The ports it listens on, as offsets from the base port; below `PORT_BLOCK`. */
  ports(options: Readonly<Record<Option, string>>): readonly number[];
  /** Where the service is installed, or `undefined` when it is not. */
  installation(): string | undefined;
  /** Installs what is missing. Idempotent, and safe when several processes do it at once. */
  install(): Promise<void>;
  /** Writes configuration and initial data and returns the processes in start order. */
  prepare(context: ServiceContext<Option>): Promise<readonly ProcessSpec[]>;
  /** Whether the service answers. Polled; may throw for "not yet". */
  ready(context: ServiceContext<Option>): Promise<boolean>;
  /** Runs once, when a new instance is ready. */
  afterStart?(context: ServiceContext<Option>): Promise<void>;
  env(context: ServiceContext<Option>): Environment;
  /** What `address` alone tells about a service that somebody else runs. */
  external?(address: string): Partial<Environment>;
}

/** Keeps the option and variable names of a definition for the type checker. */
export function defineService<Option extends string, Environment extends ServiceEnvironment>(
  definition: ServiceDefinition<Option, Environment>,
): ServiceDefinition<Option, Environment> {
  return definition;
}
