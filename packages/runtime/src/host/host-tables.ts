import type { Logger, RecordPart, TableProviders } from '@millrace/api';
import type { RawSettings } from '@millrace/kafka';
import { openConverter } from '../plugins/assemble-task.ts';
import { TopicTables } from '../tables/topic-tables.ts';
import type { ConfiguredPlugin, TaskSpec } from '../task/task-spec.ts';

/** The lookup tables of a host's tasks: what two tasks use alike is there once. */
export class HostTables {
  readonly #topics: TopicTables;

  constructor(memoryBytes: number) {
    this.#topics = new TopicTables({ memoryBytes });
  }

  /** What the transforms of that task can join records with. */
  of(spec: TaskSpec, log: Logger): TableProviders {
    const topic = this.#topics.provider({
      settings: sharedSettings(spec.clients.consumer ?? spec.clients.admin),
      converter: (part) => {
        const configured = converterOf(spec, part);
        return {
          identity: JSON.stringify([configured.plugin, sorted(configured.config)]),
          open: () => openConverter(configured, part === 'key' ? 'key' : 'value', { log }),
        };
      },
    });
    return { names: [topic.name], get: (name) => (name === topic.name ? topic : undefined) };
  }
}

/** Which tables the transforms of a task use, so that tasks that share one are placed together. */
export function tablesOf({ transforms }: TaskSpec): readonly string[] {
  return transforms.flatMap(({ config }) =>
    config['table'] === 'topic' && config['table.topic'] !== undefined ? [config['table.topic']] : [],
  );
}

/** Without what differs from task to task and means nothing to a reader without a group. */
function sharedSettings(consumer: RawSettings): RawSettings {
  const own =
    /^(client\.id|group\.|session\.timeout|heartbeat\.|max\.poll\.|enable\.auto\.commit|partition\.assignment)/;
  return {
    ...Object.fromEntries(Object.entries(consumer).filter(([name]) => !own.test(name))),
    'client.id': 'millrace-tables',
  };
}

function converterOf(spec: TaskSpec, part: RecordPart): ConfiguredPlugin {
  return part === 'key' ? spec.keyConverter : spec.valueConverter;
}

function sorted(config: ConfiguredPlugin['config']): readonly (readonly [string, string | undefined])[] {
  return Object.keys(config)
    .toSorted()
    .map((name) => [name, config[name]]);
}
