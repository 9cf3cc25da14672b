import type { Clock } from './clock.ts';
import type { Storage } from './log/storage.ts';

export interface BrokerOptions {
  /** Where everything is kept. Left out: a temporary directory that is removed when the broker is closed. */
  readonly data?: string;
  /** Default: 0, any free port. */
  readonly port?: number;
  /** Address to listen on. Default: 127.0.0.1, so that only this machine can connect. */
  readonly host?: string;
  /** The name that clients are told to connect to. Default: `host`, or the address a client came to when that is a wildcard. */
  readonly advertisedHost?: string;
  /** Whether a topic is made when a client first asks for it. Default: true. */
  readonly autoCreateTopics?: boolean;
  /** Partitions of a topic that does not say how many. Default: 1. */
  readonly defaultPartitions?: number;
  /** Passwords by user name: then clients have to log in with SASL/PLAIN. Default: nobody has to. */
  readonly saslPlain?: Readonly<Record<string, string>>;
  /**
   * Whether an acknowledged record is on the disk. Default: false; it has been handed to the operating system and survives
   * the end of the process, but not that of the machine.
   */
  readonly fsync?: boolean;
  /** The shortest session that a group member may ask for. Default: 6000, as in Kafka. */
  readonly minSessionTimeoutMs?: number;
  /** How long the first members of a group wait for others. Default: 0. */
  readonly initialRebalanceDelayMs?: number;
  /** How often retention and compaction look at the logs. Default: 15000. */
  readonly maintenanceIntervalMs?: number;
  /** The largest request that is read. Default: 100 MiB. */
  readonly maxRequestBytes?: number;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Gets a line for everything worth knowing. Default: nothing is said. */
  readonly log?: (line: string) => void;
  /**
   * Where logs are written, for tests that need a full disk.
   * @internal
   */
  readonly storage?: Storage;
}

/** A broker that runs. */
export interface Broker {
  readonly host: string;
  readonly port: number;
  /** `host:port`, for `bootstrap.servers`. */
  readonly bootstrap: string;
  /** Where everything is kept. */
  readonly data: string;
  /** Retention and compaction, now instead of at their time. */
  maintain(): Promise<void>;
  /** Ends all connections and timers and closes the files. Closing twice is harmless. */
  close(): Promise<void>;
}
