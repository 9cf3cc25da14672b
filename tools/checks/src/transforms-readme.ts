import { configMarkdown, type PredicatePlugin, Schema, type TransformPlugin } from '@millrace/api';

type Plugin = TransformPlugin | PredicatePlugin;

interface Example {
  readonly title: string;
  readonly plugin?: string;
  readonly config: Readonly<Record<string, string>>;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>> | null | boolean;
}

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
      const { examples } = await import(new URL(`../examples/${plugin.name}.ts`, manifest).href);
      const hasKeyForm = plugins.some(({ name }) => name === `${plugin.name}-key`);
      sections.push(section(plugin, hasKeyForm, examples as readonly Example[]));
    }
    return sections.join('\n\n');
  };
  return `## Transforms\n\n${await sectionsOf('transform')}\n\n## Predicates\n\n${await sectionsOf('predicate')}`;
}

function section(plugin: Plugin, hasKeyForm: boolean, examples: readonly Example[]): string {
  const { name, doc, java = [], config } = plugin;
  if (doc === undefined)
    throw new Error(`${name} needs a doc in packages/transforms/src/plugin.ts: what it does, in a sentence.`);
  const javaNames = java.map(
    (javaClass) => `\`${javaClass.replace(/\$Value$/, hasKeyForm ? '$Value|$Key' : '$Value')}\``,
  );
  const names = [`\`${name}\``, ...(hasKeyForm ? [`\`${name}-key\` for keys`] : []), ...javaNames];
  return [
    `### ${name}`,
    doc,
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
