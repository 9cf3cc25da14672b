import {
  ConfigError,
  type Converter,
  type ConverterPlugin,
  type Logger,
  parseConfig,
  type RecordPart,
} from '@millrace/api';

/** Opens one of the converters that come with the worker, by its name or its Java class, with or without its package. */
export async function openBundledConverter(
  name: string,
  part: RecordPart,
  settings: Readonly<Record<string, string>>,
  log: Logger,
): Promise<Converter> {
  const plugins = Object.values(await import('@millrace/converters/plugin')) as readonly { readonly kind?: string }[];
  const converters = plugins.filter((plugin): plugin is ConverterPlugin => plugin.kind === 'converter');
  const found = converters.find((plugin) => namesOf(plugin).includes(name));
  if (found === undefined) {
    const known = converters.map((plugin) => plugin.name).join(', ');
    throw new ConfigError([
      { key: `${part}.converter`, message: `There is no converter ${name} for tables; there are: ${known}.` },
    ]);
  }
  const { config } = parseConfig(found.config, { ...settings, 'converter.type': part });
  return await found.create({ config, part, log, signal: new AbortController().signal });
}

function namesOf({ name, java = [] }: ConverterPlugin): readonly string[] {
  const simple = java.map((className) => className.slice(className.lastIndexOf('.') + 1));
  return [name, ...java, ...simple, ...simple.map((className) => className.replace(/Converter$/, ''))];
}
