import { type Header, Headers, type Schema, SinkRecord } from '@millrace/api';
import type { ErrorDecision, ErrorStage } from '../errors/task-errors.ts';
import type { TaskParts } from '../task/task-runner.ts';
import type { FetchedBatch, PartitionRun } from './fetched-batch.ts';

/** A record that cannot be decoded, by its place in the batch. */
export interface DecodeFailure {
  readonly index: number;
  readonly stage: DecodeStage;
  readonly error: unknown;
}

export type DecodeStage = Extract<ErrorStage, 'KEY_CONVERTER' | 'VALUE_CONVERTER' | 'HEADER_CONVERTER'>;

export interface DecodeErrors {
  /** `throw` is thrown here. */
  onFailure(failure: DecodeFailure): Promise<Exclude<ErrorDecision, 'throw'>>;
  /** Makes the call again for as long as it fails for the moment. */
  preparing<T>(stage: DecodeStage, call: () => Promise<T> | undefined): Promise<T | undefined>;
}

/** What the converters have prepared for each run of a batch. */
interface Prepared {
  readonly key: readonly unknown[];
  readonly value: readonly unknown[];
}

/** How far a batch is decoded, outside of the `try`: a call that is made again is the only one to be made again. */
interface Cursor {
  run: number;
  index: number;
  stage: DecodeStage;
  keySchema: Schema | null;
  key: unknown;
  valueSchema: Schema | null;
  value: unknown;
  error: unknown;
}

const nothing: readonly unknown[] = [];

/** Makes the records of a fetched batch: each once, straight from the fetched bytes. */
export class RecordDecoder {
  readonly #parts: TaskParts;
  readonly #errors: DecodeErrors;

  constructor(parts: TaskParts, errors: DecodeErrors) {
    this.#parts = parts;
    this.#errors = errors;
  }

  /** Without those that were skipped. */
  async decode(batch: FetchedBatch): Promise<SinkRecord[]> {
    const records: SinkRecord[] = [];
    const prepared: Prepared = {
      key: await this.#prepare(batch, 'KEY_CONVERTER'),
      value: await this.#prepare(batch, 'VALUE_CONVERTER'),
    };
    const cursor: Cursor = {
      run: 0,
      index: 0,
      stage: 'KEY_CONVERTER',
      keySchema: null,
      key: null,
      valueSchema: null,
      value: null,
      error: undefined,
    };
    while (!this.#advance(batch, prepared, records, cursor)) {
      const { index, stage, error } = cursor;
      if ((await this.#errors.onFailure({ index, stage, error })) === 'skip') {
        cursor.index++;
        cursor.stage = 'KEY_CONVERTER';
      }
    }
    return records;
  }

  /** Goes on until the end (`true`) or the next error, and then the cursor stands at the call that failed. */
  #advance(batch: FetchedBatch, prepared: Prepared, records: SinkRecord[], cursor: Cursor): boolean {
    const { keyConverter, valueConverter } = this.#parts;
    let { run, index, stage, keySchema, key, valueSchema, value } = cursor;
    try {
      for (; run < batch.runs.length; run++) {
        const { end, partition: owner } = batch.runs[run] as PartitionRun;
        const { topic, partition } = owner.id;
        const keyContext = prepared.key[run];
        const valueContext = prepared.value[run];
        for (; index < end; index++) {
          const buffer = batch.buffers[index] as Buffer;
          if (stage === 'KEY_CONVERTER') {
            const start = batch.keyStart[index] as number;
            const bytes = start < 0 ? null : buffer;
            const decoded = keyConverter.decode(topic, bytes, start, batch.keyEnd[index] as number, keyContext);
            keySchema = decoded.schema;
            key = decoded.value;
            stage = 'VALUE_CONVERTER';
          }
          if (stage === 'VALUE_CONVERTER') {
            const start = batch.valueStart[index] as number;
            const bytes = start < 0 ? null : buffer;
            const decoded = valueConverter.decode(topic, bytes, start, batch.valueEnd[index] as number, valueContext);
            valueSchema = decoded.schema;
            value = decoded.value;
            stage = 'HEADER_CONVERTER';
          }
          const hasHeaders = batch.headerStart[index] !== batch.headerStart[index + 1];
          records.push(
            new SinkRecord({
              topic,
              partition,
              offset: batch.offsets[index] as number,
              keySchema,
              key,
              valueSchema,
              value,
              timestamp: batch.timestamp(index),
              timestampType: batch.timestampType(index),
              headers: hasHeaders ? this.#headers(topic, batch, index) : Headers.empty,
            }),
          );
          stage = 'KEY_CONVERTER';
        }
      }
      return true;
    } catch (error) {
      Object.assign(cursor, { run, index, stage, keySchema, key, valueSchema, value, error });
      return false;
    }
  }

  #headers(topic: string, batch: FetchedBatch, index: number): Headers {
    const { headerConverter } = this.#parts;
    const buffer = batch.buffers[index] as Buffer;
    const ranges = batch.headers;
    const headers: Header[] = [];
    const end = batch.headerStart[index + 1] as number;
    for (let at = batch.headerStart[index] as number; at < end; at += 4) {
      const name = buffer.toString('utf8', ranges[at], ranges[at + 1]);
      const start = ranges[at + 2] as number;
      const { schema, value } = headerConverter.decode(
        topic,
        name,
        start < 0 ? null : buffer,
        start,
        ranges[at + 3] as number,
      );
      headers.push({ key: name, value, schema });
    }
    return Headers.of(headers);
  }

  /** One context a run; nothing at all for converters that never wait. */
  async #prepare(batch: FetchedBatch, stage: 'KEY_CONVERTER' | 'VALUE_CONVERTER'): Promise<readonly unknown[]> {
    const isKey = stage === 'KEY_CONVERTER';
    const converter = isKey ? this.#parts.keyConverter : this.#parts.valueConverter;
    if (converter.prepareDecode === undefined) return nothing;
    const starts = isKey ? batch.keyStart : batch.valueStart;
    const ends = isKey ? batch.keyEnd : batch.valueEnd;
    const contexts: unknown[] = [];
    for (const { partition, start, end } of batch.runs) {
      const encoded = {
        topic: partition.id.topic,
        length: end - start,
        bytesAt: (at: number): Uint8Array | null => {
          const index = start + at;
          const from = starts[index] as number;
          return from < 0 ? null : (batch.buffers[index] as Buffer).subarray(from, ends[index]);
        },
      };
      contexts.push(await this.#errors.preparing(stage, () => converter.prepareDecode?.(encoded)));
    }
    return contexts;
  }
}
