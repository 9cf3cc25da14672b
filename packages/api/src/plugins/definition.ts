import type { ConfigKeys, ConfigOf } from '../config/config-key.ts';
import type { ConfigProblem } from '../errors/errors.ts';
import type { ConfigProvider } from './config-provider.ts';
import type {
  ConnectorContext,
  PluginContext,
  SinkTaskContext,
  SourceConnectorContext,
  SourceTaskContext,
  TopicPartition,
} from './contexts.ts';
import type { Converter, HeaderConverter } from './converter.ts';
import type { OffsetFields, OffsetOf } from './offset-fields.ts';
import type { TableProviders } from './table.ts';
import type { SinkTask, SourceTask } from './tasks.ts';
import type { Predicate, Transform } from './transform.ts';

/** A task's configuration as it is stored and as the Java connector of that name writes it. */
export type TaskConfig = Readonly<Record<string, string>>;

/** What every definition has. */
export interface PluginDefinition<K extends ConfigKeys> {
  /** Short name, kebab-case: what users may write instead of a Java class. */
  readonly name: string;
  readonly version: string;
  /** What it does, in a sentence; for READMEs and consoles. */
  readonly doc?: string;
  /** Keys of the configuration, by the name that the code uses. */
  readonly config: K;
}

/** The Java classes that a connector stands for: configurations, stored task configurations and REST answers name them. */
export interface JavaConnector {
  readonly connector: string;
  readonly task: string;
}

interface ConnectorDefinition<K extends ConfigKeys> extends PluginDefinition<K> {
  readonly java?: readonly JavaConnector[];
  /**
   * What single keys cannot say: looks at the whole configuration and names every problem. Asks nothing outside of the
   * process.
   */
  readonly validate?: (config: ConfigOf<K>) => readonly ConfigProblem[];
  /** Whether the other system can be reached with this configuration; names every problem. */
  readonly probe?: (config: ConfigOf<K>, signal: AbortSignal) => Promise<readonly ConfigProblem[]>;
}

/** What the configurations of tasks are made from. */
export interface TasksRequest<C> {
  readonly config: C;
  /** The connector's configuration as the user wrote it. */
  readonly raw: TaskConfig;
  /** Most tasks that the user wants. */
  readonly max: number;
  readonly signal: AbortSignal;
}

/** A position that the user wants to set, or to forget (`null`). */
export interface OffsetChange<P, O> {
  readonly partition: P;
  readonly offset: O | null;
}

/**
 * A source connector. `T` are the keys of a task's configuration where they differ from the connector's.
 */
export interface SourceDefinition<
  K extends ConfigKeys,
  P extends OffsetFields,
  O extends OffsetFields,
  T extends ConfigKeys = K,
> extends ConnectorDefinition<K> {
  /** The fields that name where a record comes from. */
  readonly partition: P;
  /** The fields that say how far it was read. */
  readonly offset: O;
  readonly taskConfig?: T;
  /** Left out: one task, with the connector's configuration. Called again after `context.reconfigure()`. */
  readonly tasks?: (request: TasksRequest<ConfigOf<K>>) => readonly TaskConfig[] | Promise<readonly TaskConfig[]>;
  /** Whether a task that starts from a stored offset gives every record behind it once. Left out: `unsupported`. */
  readonly exactlyOnce?: (config: ConfigOf<K>) => 'supported' | 'unsupported';
  /** Whether tasks use `context.transaction`. Left out: no. */
  readonly transactionBoundaries?: (config: ConfigOf<K>) => boolean;
  /** Work beside the tasks, such as watching for new tables; runs until the context's signal is aborted. */
  readonly watch?: (context: SourceConnectorContext<ConfigOf<K>, OffsetOf<P>, OffsetOf<O>>) => Promise<void>;
  /**
   * Accepts or refuses (with a ConfigError) offsets that a user wants to set. Left out: partitions and offsets with the
   * declared fields are accepted.
   */
  readonly alterOffsets?: (
    config: ConfigOf<K>,
    changes: readonly OffsetChange<OffsetOf<P>, OffsetOf<O>>[],
    signal: AbortSignal,
  ) => Promise<void>;
  readonly open: (
    context: SourceTaskContext<ConfigOf<T>, OffsetOf<P>, OffsetOf<O>>,
  ) => SourceTask<OffsetOf<P>, OffsetOf<O>> | Promise<SourceTask<OffsetOf<P>, OffsetOf<O>>>;
}

/** A sink connector. `T` are the keys of a task's configuration where they differ from the connector's. */
export interface SinkDefinition<K extends ConfigKeys, T extends ConfigKeys = K> extends ConnectorDefinition<K> {
  readonly taskConfig?: T;
  /** Left out: as many tasks as the user wants, each with the connector's configuration. */
  readonly tasks?: (request: TasksRequest<ConfigOf<K>>) => readonly TaskConfig[] | Promise<readonly TaskConfig[]>;
  /** Work beside the tasks; runs until the context's signal is aborted. */
  readonly watch?: (context: ConnectorContext<ConfigOf<K>>) => Promise<void>;
  /** Accepts or refuses (with a ConfigError) offsets that a user wants to set; for sinks that keep offsets themselves. */
  readonly alterOffsets?: (
    config: ConfigOf<K>,
    changes: readonly OffsetChange<TopicPartition, number>[],
    signal: AbortSignal,
  ) => Promise<void>;
  readonly open: (context: SinkTaskContext<ConfigOf<T>>) => SinkTask | Promise<SinkTask>;
}

/** What a plugin without tasks is made with. */
export interface CreateContext<C> extends Pick<PluginContext<C>, 'config' | 'log' | 'signal'> {
  /** The kinds of tables that records can be joined with; left out where there are none. */
  readonly tables?: TableProviders;
}

export interface TransformDefinition<K extends ConfigKeys> extends PluginDefinition<K> {
  readonly java?: readonly string[];
  readonly validate?: (config: ConfigOf<K>) => readonly ConfigProblem[];
  readonly create: (context: CreateContext<ConfigOf<K>>) => Transform | Promise<Transform>;
}

export interface PredicateDefinition<K extends ConfigKeys> extends PluginDefinition<K> {
  readonly java?: readonly string[];
  readonly validate?: (config: ConfigOf<K>) => readonly ConfigProblem[];
  readonly create: (context: CreateContext<ConfigOf<K>>) => Predicate | Promise<Predicate>;
}

/** Which part of a record a converter works on. */
export type RecordPart = 'key' | 'value' | 'header';

export interface ConverterDefinition<K extends ConfigKeys> extends PluginDefinition<K> {
  readonly java?: readonly string[];
  readonly create: (
    context: CreateContext<ConfigOf<K>> & { readonly part: RecordPart },
  ) => Converter | Promise<Converter>;
}

export interface HeaderConverterDefinition<K extends ConfigKeys> extends PluginDefinition<K> {
  readonly java?: readonly string[];
  readonly create: (context: CreateContext<ConfigOf<K>>) => HeaderConverter | Promise<HeaderConverter>;
}

export interface ConfigProviderDefinition<K extends ConfigKeys> extends PluginDefinition<K> {
  readonly java?: readonly string[];
  readonly create: (context: CreateContext<ConfigOf<K>>) => ConfigProvider | Promise<ConfigProvider>;
}
