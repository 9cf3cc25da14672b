import { configMarkdown, type PredicatePlugin, Schema, type TransformPlugin } from '@millrace/api';

type Plugin = TransformPlugin | PredicatePlugin;

interface Example {
  readonly title: string;
  readonly plugin?: string;
  readonly config: Readonly<Record<string, string>>;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>> | null | boolean;
}

/** What each plugin does, in a sentence; one without a sentence is refused. */
const summaries: Readonly<Record<string, string>> = {
  cast: 'Changes the type of fields, or of the whole key or value.',
  'drop-headers': 'Takes out all headers of some names.',
  'extract-field': 'Puts one field in the place of the whole key or value.',
  filter: 'Drops every record that reaches it; use it with a predicate.',
  flatten: 'Makes one flat struct or object of nested ones.',
  'header-from': 'Copies or moves fields to headers.',
  'hoist-field': 'Wraps the key or value into a struct or object with one field.',
  'insert-field': 'Adds fields with the topic, partition, offset or timestamp of the record, or with a fixed text.',
  'insert-header': 'Adds a header with a fixed value.',
  lookup: 'Adds fields of the row that a table holds for a key of the record.',
  'mask-field': 'Puts an empty or fixed value in the place of fields.',
  'regex-router': 'Renames topics that match a regular expression as a whole.',
  'replace-field': 'Takes out, keeps or renames fields.',
  'set-schema-metadata': 'Gives the schema of a struct another name or version.',
  'timestamp-converter': 'Converts points in time between texts, Unix time and the logical types.',
  'timestamp-router': "Names topics by the record's timestamp.",
  'value-to-key': 'Makes the key of fields of the value.',
  'has-header-key': 'Whether a record has a header of that name.',
  'record-is-tombstone': 'Whether a record has no value.',
  'topic-name-matches': 'Whether the name of the topic matches a regular expression as a whole.',
};

/** Every transform and predicate with its keys and examples, for the README of packages/transforms. */
export async function transformsReadme(): Promise<string> {
  const manifest = import.meta.resolve('@millrace/transforms/plugin');
  const plugins = Object.values((await import(manifest)) as Readonly<Record<string, Plugin>>);
  // A transform of keys stands with the one of values.
  const own = plugins
    .filter(({ name }) => !plugins.some((other) => `${other.name}-key` === name))
    .sort((left, right) => left.name.localeCompare(right.name));
  const sectionsOf = async (kind: Plugin['kind']): Promise<string> => {
    const sections: string[] = [];
    for (const plugin of own.filter((candidate) => candidate.kind === kind)) {
      const { examples } = await import(new URL(`${plugin.name}/examples.ts`, manifest).href);
      const hasKeyForm = plugins.some(({ name }) => name === `${plugin.name}-key`);
      sections.push(section(plugin, hasKeyForm, examples as readonly Example[]));
    }
    return sections.join('\n\n');
  };
  return `## Transforms\n\n${await sectionsOf('transform')}\n\n## Predicates\n\n${await sectionsOf('predicate')}`;
}

function section(plugin: Plugin, hasKeyForm: boolean, examples: readonly Example[]): string {
  const { name, java = [], config } = plugin;
  const summary = summaries[name];
  if (summary === undefined) throw new Error(`${name} needs a sentence in tools/checks/src/transforms-readme.ts.`);
  const javaNames = java.map(
    (javaClass) => `\`${javaClass.replace(/\$Value$/, hasKeyForm ? '$Value|$Key' : '$Value')}\``,
  );
  const names = [`\`${name}\``, ...(hasKeyForm ? [`\`${name}-key\` for keys`] : []), ...javaNames];
  return [
    `### ${name}`,
    summary,
    `Type: ${names.join(', ')}.`,
    ...(Object.keys(config).length > 0 ? [configMarkdown(config).trim()] : []),
    ...examples.map((example) => exampleText(plugin, example)),
  ].join('\n\n');
}

function exampleText({ name, kind }: Plugin, { title, plugin = name, config, before, after }: Example): string {
  const prefix = kind === 'transform' ? 'transforms.t' : 'predicates.p';
  const lines = [
    `${prefix}.type=${plugin}`,
    ...Object.entries(config).map(([key, value]) => `${prefix}.${key}=${value}`),
    `# ${kind === 'transform' ? 'before' : 'record'}: ${printed(before)}`,
    `# ${kind === 'transform' ? 'after' : 'applies'}: ${after === null ? 'dropped' : printed(after)}`,
  ];
  return `Example: ${title}\n\n\`\`\`properties\n${lines.join('\n')}\n\`\`\``;
}

/** JSON, but for what it does not have. */
function printed(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Schema.isInstance(value)) return schemaText(value);
  if (value instanceof Map) return printed(Object.fromEntries(value));
  if (Array.isArray(value)) return `[${value.map(printed).join(', ')}]`;
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${printed(inner)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function schemaText({ type, name, version, optional }: Schema): string {
  const parts = [optional ? 'optional' : '', name ?? type, version === undefined ? '' : `version ${version}`];
  return parts.filter((part) => part !== '').join(' ');
}
