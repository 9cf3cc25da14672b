import { inspect, isDeepStrictEqual } from 'node:util';
import {
  ConfigError,
  type Converter,
  type ConverterPlugin,
  createByteWriter,
  fromBytes,
  type HeaderConverterPlugin,
  parseConfig,
  type Schema,
  silentLogger,
  toBytes,
} from '@millrace/api';
import * as converterPlugins from '@millrace/converters/plugin';
import { compareBytes, compareError, compareSchemaAndValue, type Difference, type Outcome } from '../compare.ts';
import { decodeBytes, decodeSchema, decodeValue } from '../decode.ts';
import type { Suite } from '../suite.ts';
import type { ConverterCase, TaggedBytes, TaggedSchemaAndValue } from '../vectors.ts';
import { compareValues, isValuesCase, replayValues } from './values.ts';

/** A converter as it was configured for one case. */
export interface ConverterAdapter {
  encode(topic: string, schema: Schema | null, value: unknown): Uint8Array | null;
  decode(topic: string, bytes: Uint8Array | null): { readonly schema: Schema | null; readonly value: unknown };
  encodeHeader(topic: string, header: string, schema: Schema | null, value: unknown): Uint8Array | null;
  decodeHeader(
    topic: string,
    header: string,
    bytes: Uint8Array | null,
  ): { readonly schema: Schema | null; readonly value: unknown };
}

/** Makes the converter that stands for a Java class; what it throws counts as an error of configuration. */
type ConverterFactory = (
  javaClass: string,
  config: Readonly<Record<string, string>>,
  isKey: boolean,
) => Promise<ConverterAdapter>;

const createConverter: ConverterFactory = async (javaClass, config, isKey) => {
  const part = isKey ? 'key' : 'value';
  const context = { log: silentLogger, signal: new AbortController().signal };
  const standsFor = ({ java }: { readonly java?: readonly string[] }) => java?.includes(javaClass) === true;
  // Each gets the configuration that its own keys give; which keys they are is not known here.
  const plugins = Object.values(converterPlugins) as unknown as readonly (ConverterPlugin | HeaderConverterPlugin)[];
  const definition = plugins.find((plugin) => plugin.kind === 'converter' && standsFor(plugin));
  const headerDefinition = plugins.find((plugin) => plugin.kind === 'header-converter' && standsFor(plugin));
  if (headerDefinition?.kind !== 'header-converter') throw new RangeError(`${javaClass} is not known.`);
  const headers = await headerDefinition.create({
    ...context,
    config: parseConfig(headerDefinition.config, { 'converter.type': 'header', ...config }).config,
  });
  const converter =
    definition?.kind === 'converter'
      ? await definition.create({
          ...context,
          config: parseConfig(definition.config, { 'converter.type': part, ...config }).config,
          part,
        })
      : undefined;
  const data = (): Converter => {
    if (converter === undefined) throw new RangeError(`${javaClass} is for headers only.`);
    return converter;
  };
  return {
    encode: (topic, schema, value) => sameAgain(() => toBytes(data(), topic, schema, value)),
    decode: (topic, bytes) => sameAgain(() => fromBytes(data(), topic, bytes)),
    encodeHeader(topic, header, schema, value) {
      const writer = createByteWriter();
      const isWritten = headers.encode(topic, header, schema, value, writer);
      return isWritten ? writer.buffer.subarray(0, writer.position) : null;
    },
    decodeHeader: (topic, header, bytes) => headers.decode(topic, header, bytes, 0, bytes?.length ?? 0),
  };
};

/** Enough for code to be compiled for a schema. */
const repetitions = 8;

/** Code that is compiled for a schema later on must do the same as the code that was there before. */
function sameAgain<T>(convert: () => T): T {
  const first = settle(convert);
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const again = settle(convert);
    if (!isDeepStrictEqual(again, first)) {
      throw new RangeError(`The first time gave ${inspect(first)}, a later one ${inspect(again)}.`);
    }
  }
  return convert();
}

function settle(convert: () => unknown): unknown {
  try {
    return convert();
  } catch (error) {
    return String(error);
  }
}

const headerTopic = 't';
const headerName = 'h';

/** The worker takes a missing answer of a header converter for this. */
const nothing: TaggedSchemaAndValue = { schema: null, value: null };

export const convertersSuite: Suite<ConverterCase> = {
  group: 'converters',

  cases(file, content) {
    const { cases } = content as { readonly cases: readonly Omit<ConverterCase, 'group' | 'file'>[] };
    return cases.map((goldenCase) => ({ ...goldenCase, group: 'converters', file }));
  },

  async replay(goldenCase) {
    if (isValuesCase(goldenCase)) return replayValues(goldenCase);
    let adapter: ConverterAdapter;
    try {
      adapter = await createConverter(
        goldenCase.converter ?? '',
        textsOf(goldenCase.config),
        goldenCase.isKey ?? false,
      );
    } catch (error) {
      return { error, phase: 'configure' };
    }
    try {
      return { output: convert(adapter, goldenCase) };
    } catch (error) {
      return { error, phase: 'convert' };
    }
  },

  compare(goldenCase, outcome) {
    if (isValuesCase(goldenCase)) return compareValues(goldenCase, outcome);
    return compareConverted(goldenCase, outcome);
  },
};

function textsOf(config: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, String(value)]));
}

function convert(adapter: ConverterAdapter, { op, topic = headerTopic, input }: ConverterCase): unknown {
  switch (op) {
    case 'fromConnectData':
    case 'fromConnectHeader': {
      const { schema: taggedSchema, value: tagged } = input as TaggedSchemaAndValue;
      const schema = decodeSchema(taggedSchema);
      const value = decodeValue(tagged, schema);
      return op === 'fromConnectData'
        ? adapter.encode(topic, schema, value)
        : adapter.encodeHeader(topic, headerName, schema, value);
    }
    case 'toConnectData':
      return adapter.decode(topic, decodeBytes(input as TaggedBytes));
    case 'toConnectHeader':
      return adapter.decodeHeader(topic, headerName, decodeBytes(input as TaggedBytes));
    default:
      throw new RangeError(`Nothing is known about the operation '${op}'.`);
  }
}

function compareConverted({ op, output, error }: ConverterCase, outcome: Outcome): Difference {
  if (error !== undefined) {
    // What is wrong before the first message is the configuration, whatever Java's class says.
    const isConfigured = 'error' in outcome && outcome.phase === 'configure' && ConfigError.isInstance(outcome.error);
    return isConfigured && error.phase !== 'convert' ? undefined : compareError(error, outcome);
  }
  if ('error' in outcome) return `outcome: got ${String(outcome.error)}`;
  return op.startsWith('from')
    ? compareBytes(output as TaggedBytes, outcome.output as Uint8Array | null)
    : compareSchemaAndValue(
        (output as TaggedSchemaAndValue | null) ?? nothing,
        outcome.output as { readonly schema: Schema | null; readonly value: unknown },
      );
}
