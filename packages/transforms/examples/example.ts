import type { Schema } from '@millrace/api';

/** As much of a record as an example needs; what is left out is not there. */
export interface ExampleRecord {
  readonly topic?: string;
  readonly key?: unknown;
  readonly keySchema?: Schema;
  readonly value?: unknown;
  readonly valueSchema?: Schema;
  readonly timestamp?: number;
  readonly headers?: Readonly<Record<string, unknown>>;
  /** Of headers that have one. */
  readonly headerSchemas?: Readonly<Record<string, Schema>>;
}

/** What a transform does, for the README; a test does the same and compares. */
export interface TransformExample {
  /** What the example is about: half a sentence. */
  readonly title: string;
  /** Short name of the plugin; that of the folder when left out. */
  readonly plugin?: string;
  readonly config: Readonly<Record<string, string>>;
  readonly before: ExampleRecord;
  /** `null`: the record was dropped. For a predicate: what it says. */
  readonly after: ExampleRecord | null | boolean;
}
