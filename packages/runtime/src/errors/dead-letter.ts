import { type Converter, createByteWriter, Headers, MillraceError, printJson, SourceRecord } from '@millrace/api';
import type { TaskId } from '../task/task-spec.ts';
import { javaClassName, javaStackTrace, messageOf } from './java-class-names.ts';
import type { RawRecord, RecordFailure } from './task-errors.ts';

/** What is written to the dead letter queue. */
export interface DeadLetter {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly name: string; readonly value: Uint8Array | null }[];
  /** -1: the time of writing. */
  readonly timestamp: number;
}

export interface DeadLetterOptions {
  readonly id: TaskId;
  /** `errors.deadletterqueue.context.headers.enable` */
  readonly contextHeaders: boolean;
  /** JSON with schemas, for records that have no bytes yet. */
  readonly json: Converter;
}

const prefix = '__connect.errors.';
/** What is left of a header that may have any length, in a letter that has to be short. */
const shortHeaderBytes = 1_000;
const longHeaders: ReadonlySet<string> = new Set([`${prefix}exception.message`, `${prefix}exception.stacktrace`]);

/**
 * The letter of a failed record, and what is written in its place where it is too large: the letter without the value, and at
 * last without the key. Those always have the context, for the record can only be found by it.
 */
export function* lettersOf(failure: RecordFailure, options: DeadLetterOptions): Generator<DeadLetter, void> {
  yield deadLetter(failure, options);
  const { key, value, headers, timestamp } = deadLetter(failure, { ...options, contextHeaders: true });
  const kept = [...headers.map(shortened), ...size('value', value)];
  yield { key, value: null, headers: kept, timestamp };
  if (key !== null) yield { key: null, value: null, headers: [...kept, ...size('key', key)], timestamp };
}

/**
 * Makes the letter of a failed record: a fetched record as Kafka holds it, a polled one as JSON with schemas. The context
 * stands in headers behind its own, by Java's names; a polled record says with them where it comes from, always.
 */
function deadLetter(failure: RecordFailure, options: DeadLetterOptions): DeadLetter {
  const origin = failure.origin();
  const context = options.contextHeaders ? contextHeaders(failure, origin, options.id) : [];
  if (!SourceRecord.isInstance(origin)) {
    return {
      key: origin.key,
      value: origin.value,
      headers: [...origin.headers, ...context],
      timestamp: origin.timestamp,
    };
  }
  const { json } = options;
  return {
    key: jsonOf(json, origin.topic, origin.keySchema, origin.key),
    value: jsonOf(json, origin.topic, origin.valueSchema, origin.value),
    headers: [...jsonHeaders(json, origin), ...place(origin), ...context],
    timestamp: origin.timestamp ?? -1,
  };
}

/** Where a failed record comes from, for messages. */
export function placeOf(origin: RawRecord | SourceRecord): string {
  if (!SourceRecord.isInstance(origin)) {
    return `topic='${origin.topic}', partition=${origin.partition}, offset=${origin.offset}, timestamp=${origin.timestamp}`;
  }
  return `topic='${origin.topic}', source partition=${print(origin.sourcePartition)}, source offset=${print(origin.sourceOffset)}`;
}

function contextHeaders(
  { stage, className, error }: RecordFailure,
  origin: RawRecord | SourceRecord,
  { connector, task }: TaskId,
): DeadLetter['headers'] {
  const consumed = SourceRecord.isInstance(origin)
    ? []
    : [header('topic', origin.topic), header('partition', origin.partition), header('offset', origin.offset)];
  return [
    ...consumed,
    header('connector.name', connector),
    header('task.id', task),
    header('stage', stage),
    header('class.name', className),
    header('exception.class.name', javaClassName(error)),
    header('exception.message', messageOf(error)),
    header('exception.stacktrace', javaStackTrace(error)),
  ];
}

function place({ topic, sourcePartition, sourceOffset }: SourceRecord): DeadLetter['headers'] {
  return [
    header('topic', topic),
    header('source.partition', print(sourcePartition)),
    header('source.offset', print(sourceOffset)),
  ];
}

function header(name: string, value: string | number): { readonly name: string; readonly value: Uint8Array } {
  return { name: prefix + name, value: Buffer.from(String(value)) };
}

function size(part: 'key' | 'value', bytes: Uint8Array | null): DeadLetter['headers'] {
  return bytes === null ? [] : [header(`${part}.size`, bytes.length)];
}

function shortened({ name, value }: DeadLetter['headers'][number]): DeadLetter['headers'][number] {
  return { name, value: value !== null && longHeaders.has(name) ? value.subarray(0, shortHeaderBytes) : value };
}

function jsonHeaders(json: Converter, { topic, headers }: SourceRecord): DeadLetter['headers'] {
  return [...(Headers.isInstance(headers) ? headers : Headers.empty)].map(({ key, schema, value }) => ({
    name: key,
    value: jsonOf(json, topic, schema, value),
  }));
}

/** What does not fit its own schema (it may be in the queue for that) is written without it. */
function jsonOf(
  json: Converter,
  topic: string,
  schema: SourceRecord['valueSchema'],
  value: unknown,
): Uint8Array | null {
  if (schema === null && (value === null || value === undefined)) return null;
  const writer = createByteWriter();
  try {
    return json.encode(topic, schema, value, writer, undefined) ? writer.buffer.subarray(0, writer.position) : null;
  } catch {
    return Buffer.from(print(value));
  }
}

function print(value: unknown): string {
  try {
    return printJson(value) ?? String(value);
  } catch (error) {
    return MillraceError.isInstance(error) ? `(not printable: ${error.message})` : '(not printable)';
  }
}
