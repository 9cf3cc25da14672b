import { Headers, type OffsetMap, Schema, SinkRecord, SourceRecord, type TimestampType } from '@millrace/api';
import { compareError, compareSchemaAndValue, compareValue, type Difference } from '../compare.ts';
import { decodeSchema, decodeValue } from '../decode.ts';
import type { Suite } from '../suite.ts';
import type { TaggedRecord, TaggedSchemaAndValue, TransformCase } from '../vectors.ts';
import { createPredicate, createTransform } from './transform-plugins.ts';

type AnyRecord = SourceRecord | SinkRecord;

interface TransformFile {
  readonly inputs: Readonly<Record<string, TaggedRecord>>;
  readonly cases: readonly (Omit<TransformCase, 'group' | 'file' | 'id' | 'input'> & { readonly input: string })[];
}

export const transformsSuite: Suite<TransformCase> = {
  group: 'transforms',

  cases(file, content) {
    const { inputs, cases } = content as TransformFile;
    return cases.map((goldenCase) => {
      const { input: name, transform, predicate, config } = goldenCase;
      const input = inputs[name];
      if (input === undefined) throw new RangeError(`${file} has no input '${name}'.`);
      const id = `${(transform ?? predicate ?? '').replace(/^.*\./, '')} ${JSON.stringify(config)} ${name}`;
      return { ...goldenCase, group: 'transforms', file, id, input };
    });
  },

  async replay({ transform, predicate, config, input }) {
    let apply: (record: AnyRecord) => AnyRecord | boolean | null;
    try {
      apply = await create(transform, predicate, config);
    } catch (error) {
      return { error, phase: 'configure' };
    }
    const record = deepFreeze(decodeRecord(input));
    try {
      const output = apply(record);
      return { output: typeof output === 'boolean' ? output : { record: output, isSame: output === record } };
    } catch (error) {
      return { error, phase: transform === undefined ? 'test' : 'apply' };
    }
  },

  compare({ output, result, sameInstance, error }, outcome): Difference {
    if (error !== undefined) return compareError(error, outcome);
    if ('error' in outcome) return `outcome: got ${String(outcome.error)}`;
    if (result !== undefined) return outcome.output === result ? undefined : `result: expected ${result}`;
    const { record, isSame } = outcome.output as { readonly record: AnyRecord | null; readonly isSame: boolean };
    if (output === null || output === undefined || record === null) {
      return (output ?? null) === record ? undefined : `record: expected ${output ? 'one' : 'none'}`;
    }
    // To give the very input back where Java made an equal copy costs nobody anything.
    if (sameInstance === true && !isSame) return 'record: expected the input itself';
    return compareRecord(output, record);
  },
};

async function create(
  transform: string | undefined,
  predicate: string | undefined,
  config: TransformCase['config'],
): Promise<(record: AnyRecord) => AnyRecord | boolean | null> {
  if (transform === undefined) {
    const made = await createPredicate(predicate ?? '', config);
    return (record) => made.test(record);
  }
  const made = await createTransform(transform, config);
  return (record) => made.apply(record, undefined);
}

function decodeRecord(tagged: TaggedRecord): AnyRecord {
  const [key, value] = [decodePart(tagged.key), decodePart(tagged.value)];
  const parts = {
    topic: tagged.topic ?? '',
    partition: tagged.partition,
    keySchema: key.schema,
    key: key.value,
    valueSchema: value.schema,
    value: value.value,
    timestamp: tagged.timestamp === null ? null : Number(tagged.timestamp),
    headers: Headers.of(tagged.headers.map((header) => ({ key: header.key, ...decodePart(header) }))),
  };
  if (tagged.kind === 'source') {
    return new SourceRecord({
      ...parts,
      sourcePartition: decodeValue(tagged.sourcePartition ?? null, null) as OffsetMap | null,
      sourceOffset: decodeValue(tagged.sourceOffset ?? null, null) as OffsetMap | null,
    });
  }
  return new SinkRecord({
    ...parts,
    offset: Number(tagged.kafkaOffset),
    timestampType: timestampTypes[tagged.timestampType ?? ''] ?? 'none',
    ...(tagged.originalTopic !== undefined && { originalTopic: tagged.originalTopic }),
  });
}

/** No transform may change what it gets. Bytes cannot be frozen, nor what a Map holds. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Schema.isInstance(value) || value instanceof Uint8Array)
    return value;
  for (const inner of value instanceof Map ? value.values() : Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}

const timestampTypes: Readonly<Record<string, TimestampType>> = {
  NoTimestampType: 'none',
  CreateTime: 'create',
  LogAppendTime: 'log-append',
};

function decodePart({ schema: taggedSchema, value }: TaggedSchemaAndValue) {
  const schema = decodeSchema(taggedSchema);
  return { schema, value: decodeValue(value, schema) };
}

function compareRecord(expected: TaggedRecord, actual: AnyRecord): Difference {
  const parts: readonly (readonly [string, unknown, unknown])[] = [
    ['topic', expected.topic, actual.topic],
    ['partition', expected.partition, actual.partition],
    ['timestamp', expected.timestamp, actual.timestamp === null ? null : String(actual.timestamp)],
    ['headers', expected.headers.map(({ key }) => key).join(), [...actual.headers].map(({ key }) => key).join()],
  ];
  for (const [part, left, right] of parts) {
    if (left !== right) return `${part}: expected ${String(left)}, got ${String(right)}`;
  }
  return (
    compareSchemaAndValue(expected.key, { schema: actual.keySchema, value: actual.key }, 'key ') ??
    compareSchemaAndValue(expected.value, { schema: actual.valueSchema, value: actual.value }, 'value ') ??
    compareHeaders(expected, actual) ??
    compareOrigin(expected, actual)
  );
}

function compareHeaders(expected: TaggedRecord, actual: AnyRecord): Difference {
  for (const [index, header] of [...actual.headers].entries()) {
    const recorded = expected.headers[index];
    const difference = recorded && compareSchemaAndValue(recorded, header, `header ${header.key} `);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function compareOrigin(expected: TaggedRecord, actual: AnyRecord): Difference {
  if (SinkRecord.isInstance(actual)) {
    const offset = expected.kafkaOffset === undefined ? undefined : Number(expected.kafkaOffset);
    if (actual.offset !== offset) return `offset: expected ${offset}, got ${actual.offset}`;
    const topic = expected.originalTopic ?? expected.topic;
    return actual.originalTopic === topic ? undefined : `originalTopic: expected ${topic}, got ${actual.originalTopic}`;
  }
  return (
    compareValue(expected.sourcePartition ?? null, null, actual.sourcePartition, 'sourcePartition') ??
    compareValue(expected.sourceOffset ?? null, null, actual.sourceOffset, 'sourceOffset')
  );
}
