import {
  abortable,
  ConfigError,
  type Converter,
  parseConfig,
  type RecordPart,
  type TableProvider,
} from '@millrace/api';
import { createAdmin, createReader, type RawSettings } from '@millrace/kafka';
import { openBundledConverter } from './bundled-converter.ts';
import { TableMemory } from './table-memory.ts';
import { TopicTable } from './topic-table.ts';
import { type TopicTableConfig, topicTableConfig } from './topic-table-config.ts';

export interface TopicTablesOptions {
  /** What all tables of this host may hold together, in bytes. */
  readonly memoryBytes: number;
}

/** What a task's tables are opened with. */
export interface TopicTableSource {
  /** Of a consumer: how Kafka is reached. */
  readonly settings: RawSettings;
  /** The connector's own converter, for tables that name none: says what it is, and opens one. */
  readonly converter: (part: RecordPart) => { readonly identity: string; readonly open: () => Promise<Converter> };
}

interface SharedTable {
  readonly table: Promise<TopicTable>;
  /** Ends the reading of a table that nobody waits for any longer. */
  readonly unused: AbortController;
  users: number;
}

/** The tables of topics that the tasks of one host use: each is read once, however many tasks use it. */
export class TopicTables {
  readonly #memory: TableMemory;
  readonly #shared = new Map<string, SharedTable>();

  constructor({ memoryBytes }: TopicTablesOptions) {
    this.#memory = new TableMemory(memoryBytes);
  }

  /** How many bytes of rows there are. */
  get bytes(): number {
    return this.#memory.used;
  }

  /** The kind of table `topic`, for the transforms of one task. */
  provider(source: TopicTableSource): TableProvider {
    return {
      name: 'topic',
      open: async (spec, { log, signal }) => {
        const { config } = parseConfig(topicTableConfig, spec.config);
        requireKey(config, spec.keyParts);
        const identity = JSON.stringify([
          sorted(spec.config),
          spec.fields ?? null,
          sorted(source.settings),
          config.keyConverter === null && source.converter('key').identity,
          config.valueConverter === null && source.converter('value').identity,
        ]);
        let shared = this.#shared.get(identity);
        if (shared === undefined) {
          const unused = new AbortController();
          const context = { log, signal: unused.signal, memory: this.#memory };
          shared = { table: openTable(config, spec.fields, source, context), unused, users: 0 };
          shared.table.catch(() => undefined);
          this.#shared.set(identity, shared);
        }
        shared.users++;
        let released = false;
        const release = async (): Promise<void> => {
          if (released) return;
          released = true;
          shared.users--;
          if (shared.users > 0) return;
          if (this.#shared.get(identity) === shared) this.#shared.delete(identity);
          shared.unused.abort();
          await (await shared.table.catch(() => undefined))?.close();
        };
        try {
          const table = await abortable(shared.table, signal);
          return {
            get schema() {
              return table.schema;
            },
            get: (key) => table.get(key),
            prepare: () => table.prepare(),
            close: release,
          };
        } catch (error) {
          await release();
          throw error;
        }
      },
    };
  }
}

function requireKey({ key }: TopicTableConfig, keyParts: number): void {
  const parts = Math.max(1, key.length);
  if (parts === keyParts) return;
  const message = `It makes a key of ${parts} values, and the key of a record has ${keyParts}.`;
  throw new ConfigError([{ key: 'key', message }]);
}

async function openTable(
  config: TopicTableConfig,
  fields: readonly string[] | undefined,
  source: TopicTableSource,
  context: Pick<Parameters<TableProvider['open']>[1], 'log' | 'signal'> & { readonly memory: TableMemory },
): Promise<TopicTable> {
  const { topic, keyConverter, keyConverterConfig, valueConverter, valueConverterConfig, maxBytes } = config;
  const { log, signal, memory } = context;
  const open = (part: RecordPart, name: string | null, settings: ReadonlyMap<string, string>): Promise<Converter> =>
    name === null ? source.converter(part).open() : openBundledConverter(name, part, Object.fromEntries(settings), log);
  const settings = { ...source.settings, 'isolation.level': 'read_committed' };
  const table = new TopicTable({
    topic,
    partitions: () => countPartitions(topic, settings),
    reader: createReader({ settings }),
    keyConverter: await open('key', keyConverter, keyConverterConfig),
    valueConverter: await open('value', valueConverter, valueConverterConfig),
    keyFields: config.key,
    fields,
    maxBytes,
    memory,
    log,
  });
  try {
    await table.load(signal);
    return table;
  } catch (error) {
    await table.close();
    throw error;
  }
}

async function countPartitions(topic: string, settings: RawSettings): Promise<number> {
  const admin = createAdmin({ settings });
  try {
    const described = (await admin.describeTopics([topic])).get(topic);
    if (described !== undefined) return described.partitions.length;
    throw new ConfigError([{ key: 'topic', message: `There is no topic ${topic}; create it first, compacted.` }]);
  } finally {
    await admin.close();
  }
}

/** Two configurations are the same whatever the order of their keys. */
function sorted(settings: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return Object.entries(settings).sort(([left], [right]) => (left < right ? -1 : 1));
}
