import {
  type Converter,
  type ConverterPlugin,
  defineConverter,
  defineHeaderConverter,
  type HeaderConverterPlugin,
} from '@millrace/api';
import { converterConfig, jsonConverterConfig, stringConverterConfig } from './config.ts';
import type { PartName } from './locate-error.ts';
import { version } from './version.ts';

type Keys = ConverterPlugin['config'];
type Load<K extends Keys> = () => Promise<
  (config: Parameters<ConverterPlugin<K>['create']>[0]['config'], part: PartName) => Converter
>;
type Both<K extends Keys> = readonly [converter: ConverterPlugin<K>, headerConverter: HeaderConverterPlugin<K>];

/** Java's converters work on keys, values and headers alike. */
function defineBoth<K extends Keys>(name: string, java: string, config: K, load: Load<K>): Both<K> {
  return [
    defineConverter<K>({
      name,
      version,
      java: [java],
      config,
      create: async ({ config, part }) => (await load())(config, part),
    }),
    defineHeaderConverter<K>({
      name,
      version,
      java: [java],
      config,
      create: async ({ config }) => {
        const [create, { asHeaderConverter }] = await Promise.all([load(), import('./header-converter.ts')]);
        return asHeaderConverter((part) => create(config, part));
      },
    }),
  ];
}

const stringBoth: Both<typeof stringConverterConfig> = defineBoth(
  'string',
  'org.apache.kafka.connect.storage.StringConverter',
  stringConverterConfig,
  async () => {
    const { createStringConverter } = await import('./string/string-converter.ts');
    return ({ encoding }, part) => createStringConverter({ encoding, part });
  },
);

const jsonBoth: Both<typeof jsonConverterConfig> = defineBoth(
  'json',
  'org.apache.kafka.connect.json.JsonConverter',
  jsonConverterConfig,
  async () => {
    const { createJsonConverter } = await import('./json/json-converter.ts');
    return (config, part) => createJsonConverter({ ...config, part });
  },
);

const byteArrayBoth: Both<typeof converterConfig> = definePlain('byte-array', 'ByteArrayConverter', async () => {
  const { createByteArrayConverter } = await import('./byte-array-converter.ts');
  return (_config, part) => createByteArrayConverter({ part });
});

const shortBoth: Both<typeof converterConfig> = definePlain('short', 'ShortConverter', async () => {
  const { createShortConverter } = await import('./primitive-converters.ts');
  return (_config, part) => createShortConverter({ part });
});

const integerBoth: Both<typeof converterConfig> = definePlain('integer', 'IntegerConverter', async () => {
  const { createIntegerConverter } = await import('./primitive-converters.ts');
  return (_config, part) => createIntegerConverter({ part });
});

const longBoth: Both<typeof converterConfig> = definePlain('long', 'LongConverter', async () => {
  const { createLongConverter } = await import('./primitive-converters.ts');
  return (_config, part) => createLongConverter({ part });
});

const floatBoth: Both<typeof converterConfig> = definePlain('float', 'FloatConverter', async () => {
  const { createFloatConverter } = await import('./primitive-converters.ts');
  return (_config, part) => createFloatConverter({ part });
});

const doubleBoth: Both<typeof converterConfig> = definePlain('double', 'DoubleConverter', async () => {
  const { createDoubleConverter } = await import('./primitive-converters.ts');
  return (_config, part) => createDoubleConverter({ part });
});

const booleanBoth: Both<typeof converterConfig> = definePlain('boolean', 'BooleanConverter', async () => {
  const { createBooleanConverter } = await import('./primitive-converters.ts');
  return (_config, part) => createBooleanConverter({ part });
});

function definePlain(
  name: string,
  className: string,
  load: Load<typeof converterConfig>,
): Both<typeof converterConfig> {
  return defineBoth(name, `org.apache.kafka.connect.converters.${className}`, converterConfig, load);
}

export const stringConverter: ConverterPlugin<typeof stringConverterConfig> = stringBoth[0];
export const stringHeaderConverter: HeaderConverterPlugin<typeof stringConverterConfig> = stringBoth[1];
export const jsonConverter: ConverterPlugin<typeof jsonConverterConfig> = jsonBoth[0];
export const jsonHeaderConverter: HeaderConverterPlugin<typeof jsonConverterConfig> = jsonBoth[1];
export const byteArrayConverter: ConverterPlugin<typeof converterConfig> = byteArrayBoth[0];
export const byteArrayHeaderConverter: HeaderConverterPlugin<typeof converterConfig> = byteArrayBoth[1];
export const shortConverter: ConverterPlugin<typeof converterConfig> = shortBoth[0];
export const shortHeaderConverter: HeaderConverterPlugin<typeof converterConfig> = shortBoth[1];
export const integerConverter: ConverterPlugin<typeof converterConfig> = integerBoth[0];
export const integerHeaderConverter: HeaderConverterPlugin<typeof converterConfig> = integerBoth[1];
export const longConverter: ConverterPlugin<typeof converterConfig> = longBoth[0];
export const longHeaderConverter: HeaderConverterPlugin<typeof converterConfig> = longBoth[1];
export const floatConverter: ConverterPlugin<typeof converterConfig> = floatBoth[0];
export const floatHeaderConverter: HeaderConverterPlugin<typeof converterConfig> = floatBoth[1];
export const doubleConverter: ConverterPlugin<typeof converterConfig> = doubleBoth[0];
export const doubleHeaderConverter: HeaderConverterPlugin<typeof converterConfig> = doubleBoth[1];
export const booleanConverter: ConverterPlugin<typeof converterConfig> = booleanBoth[0];
export const booleanHeaderConverter: HeaderConverterPlugin<typeof converterConfig> = booleanBoth[1];

export const simpleHeaderConverter: HeaderConverterPlugin<Record<never, never>> = defineHeaderConverter({
  name: 'simple',
  version,
  java: ['org.apache.kafka.connect.storage.SimpleHeaderConverter'],
  config: {},
  create: async () => (await import('./simple-header-converter.ts')).createSimpleHeaderConverter(),
});
