import type { Schema } from '../schema/schema.ts';
import type { Headers } from './headers.ts';
import type { SinkRecord } from './sink-record.ts';
import type { SourceRecord } from './source-record.ts';

/** What passes through transforms and predicates: the parts that source and sink records have alike. */
export type ConnectRecord = SourceRecord | SinkRecord;

/** What a transform may change; what is left out stays. */
export interface RecordChanges {
  readonly topic?: string | undefined;
  readonly partition?: number | null | undefined;
  readonly keySchema?: Schema | null | undefined;
  readonly key?: unknown;
  readonly valueSchema?: Schema | null | undefined;
  readonly value?: unknown;
  /** Milliseconds since 1970. */
  readonly timestamp?: number | null | undefined;
  readonly headers?: Headers | undefined;
}
