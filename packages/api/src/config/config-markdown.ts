import type { AliasedKeys, ConfigEntry, ConfigKey, ConfigKeys } from './config-key.ts';

interface Row {
  readonly group: string | undefined;
  readonly cells: readonly string[];
}

/**
 * The table of keys for a README: those without a group first, then each group under a heading of the third level, all
 * in the order of the definition.
 */
export function configMarkdown(keys: ConfigKeys): string {
  const rows = Object.values(keys).flatMap((entry) => rowsOf(entry, '', undefined));
  const groups = [...new Set([undefined, ...rows.map(({ group }) => group)])];
  return groups
    .map((group) => ({ group, rows: rows.filter((row) => row.group === group) }))
    .filter((section) => section.rows.length > 0)
    .map((section) =>
      [...(section.group === undefined ? [] : [`### ${section.group}\n`]), table(section.rows)].join('\n'),
    )
    .join('\n');
}

function table(rows: readonly Row[]): string {
  const lines = [
    ['Key', 'Type', 'Default', 'Importance', 'Meaning'],
    ['---', '---', '---', '---', '---'],
  ];
  return [...lines, ...rows.map(({ cells }) => cells)].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function rowsOf(entry: ConfigEntry, prefix: string, aliasGroup: string | undefined): readonly Row[] {
  switch (entry.kind) {
    case 'key':
      return entry.internal ? [] : [keyRow(entry, prefix, aliasGroup)];
    case 'prefixed':
      return [{ group: aliasGroup, cells: [code(`${prefix}${entry.prefix}*`), 'any', '', '', inCell(entry.doc)] }];
    case 'aliased':
      return entry.list.internal ? [] : [keyRow(entry.list, prefix, aliasGroup), ...aliasRows(entry, prefix)];
  }
}

function aliasRows(entry: AliasedKeys, prefix: string): readonly Row[] {
  const inner = `${prefix}${entry.prefix}<alias>.`;
  const group = entry.groupOf('<alias>').replace('<alias>', '_alias_');
  return Object.values(entry.fixedKeys ?? {}).flatMap((sub) => rowsOf(sub, inner, group));
}

function keyRow(key: ConfigKey, prefix: string, aliasGroup: string | undefined): Row {
  const type = key.valid === undefined ? key.label : `${key.label}, ${key.valid}`;
  const meaning = [
    key.deprecated === undefined ? '' : `**Deprecated: ${key.deprecated}**`,
    key.doc,
    key.aliases === undefined || key.aliases.length === 0 ? '' : `Old name: ${key.aliases.map(code).join(', ')}.`,
  ];
  return {
    group: aliasGroup ?? key.group,
    cells: [
      code(prefix + key.name),
      inCell(type),
      defaultOf(key),
      key.importance ?? 'medium',
      inCell(meaning.filter((part) => part !== '').join(' ')),
    ],
  };
}

function defaultOf(key: ConfigKey): string {
  if (key.required) return '*required*';
  const { text } = key.read(undefined, { full: key.name, short: key.name });
  return text === null ? 'none' : code(text === '' ? '""' : text);
}

function code(text: string): string {
  return `\`${inCell(text)}\``;
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}
