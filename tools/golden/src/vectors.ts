/** The forms in which the vectors were written; `README.md` beside them is their definition. */

export interface TaggedSchema {
  readonly type: string;
  readonly optional?: boolean;
  readonly name?: string;
  readonly version?: number;
  readonly doc?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly default?: TaggedValue;
  readonly items?: TaggedSchema | null;
  readonly keys?: TaggedSchema | null;
  readonly values?: TaggedSchema | null;
  readonly fields?: readonly { readonly field: string; readonly schema: TaggedSchema }[];
}

/** A value with the type that it had in Java. */
export type TaggedValue =
  | null
  | { readonly t: 'int8' | 'int16' | 'int32'; readonly v: number }
  | { readonly t: 'int64' | 'bigint' | 'date' | 'float32' | 'float64' | 'bytes' | 'bytebuffer'; readonly v: string }
  | { readonly t: 'boolean'; readonly v: boolean }
  | { readonly t: 'string'; readonly v: string }
  | { readonly t: 'string'; readonly v?: undefined; readonly utf16: readonly number[] }
  | { readonly t: 'decimal'; readonly unscaled: string; readonly scale: number }
  | { readonly t: 'array'; readonly v: readonly TaggedValue[] }
  | {
      readonly t: 'map';
      readonly v: readonly (readonly [TaggedValue, TaggedValue])[];
      readonly unordered?: boolean;
    }
  | { readonly t: 'struct'; readonly schema?: TaggedSchema; readonly v: Readonly<Record<string, TaggedValue>> }
  | { readonly t: 'java'; readonly class: string; readonly v: string };

export interface TaggedSchemaAndValue {
  readonly schema: TaggedSchema | null;
  readonly value: TaggedValue;
}

/** The bytes of a record's part. */
export type TaggedBytes = null | { readonly utf8: string } | { readonly base64: string };

export type Phase = 'configure' | 'apply' | 'convert' | 'test';

export interface TaggedError {
  readonly class: string;
  readonly message: string | null;
  readonly phase?: Phase;
  readonly cause?: TaggedError;
}

export interface TaggedRecord {
  readonly kind: 'source' | 'sink';
  readonly topic: string | null;
  readonly partition: number | null;
  readonly key: TaggedSchemaAndValue;
  readonly value: TaggedSchemaAndValue;
  readonly timestamp: string | null;
  readonly headers: readonly (TaggedSchemaAndValue & { readonly key: string })[];
  readonly kafkaOffset?: string;
  readonly timestampType?: string;
  readonly originalTopic?: string;
  readonly sourcePartition?: TaggedValue;
  readonly sourceOffset?: TaggedValue;
}

/** A case of `values.json`, or of a converter. */
export interface ConverterCase {
  readonly group: 'converters';
  readonly file: string;
  readonly id: string;
  readonly op: string;
  /** The Java class; absent for the operations of `values.json`. */
  readonly converter?: string;
  readonly isKey?: boolean;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly topic?: string;
  readonly input: TaggedSchemaAndValue | TaggedBytes;
  readonly output?: TaggedValue | TaggedSchemaAndValue | TaggedBytes;
  readonly error?: TaggedError;
}

export interface TransformCase {
  readonly group: 'transforms';
  readonly file: string;
  readonly id: string;
  /** The Java class of a transform, or else of a predicate. */
  readonly transform?: string;
  readonly predicate?: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly input: TaggedRecord;
  /** `null`: the record was dropped. */
  readonly output?: TaggedRecord | null;
  readonly result?: boolean;
  readonly error?: TaggedError;
  /** The input object itself came back. */
  readonly sameInstance?: boolean;
}

export type GoldenCase = ConverterCase | TransformCase;

/** Whether a text holds half of a surrogate pair is kept apart, since JSON files are UTF-8. */
export function textOf(value: TaggedValue & { readonly t: 'string' }): string {
  return value.v ?? String.fromCharCode(...(value as { readonly utf16: readonly number[] }).utf16);
}
