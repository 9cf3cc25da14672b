/** Kafka's primitive types and what they are in TypeScript: `decoded` comes out, `encoded` is accepted. */
export interface Primitives {
  bool: { decoded: boolean; encoded: boolean };
  int8: { decoded: number; encoded: number };
  int16: { decoded: number; encoded: number };
  int32: { decoded: number; encoded: number };
  /** A 64-bit integer that a number holds exactly: offsets, timestamps, sizes, producer ids. Anything else is refused. */
  int64: { decoded: number; encoded: number };
  /** A 64-bit integer that may be beyond 2⁵³. */
  bigint64: { decoded: bigint; encoded: bigint };
  /** The 22 characters that Kafka prints. */
  uuid: { decoded: string; encoded: string };
  string: { decoded: string; encoded: string };
  /** Decoded: a view of the frame. */
  bytes: { decoded: Buffer; encoded: Uint8Array };
  /** Record batches: a view of the frame, and one or several ranges to write, by reference. Never decoded here. */
  records: { decoded: Buffer; encoded: Uint8Array | readonly Uint8Array[] };
}

export type PrimitiveName = keyof Primitives;

/** `"int32"`, `"string?"` (may be null), `"string?3+"` (may be null in these versions), `"int32[]"`, `"int32[]?"`. */
type TypeName = `${PrimitiveName}${'' | '[]'}${'' | `?${string}`}`;

/** An array of structures; `nullable` are the versions in which the array itself may be null. */
export interface StructArray {
  readonly array: Fields;
  readonly nullable?: string;
}

export interface Struct {
  readonly struct: Fields;
}

export type FieldType = TypeName | StructArray | Struct;

export interface FieldOptions {
  /** Taken when the value is left out and given back by versions without the field. A field without one must be given. */
  readonly default?: string | number | bigint | boolean | null | readonly [];
  /** Number of the tagged field; only in flexible versions, and only written when it differs from its default. */
  readonly tag?: number;
  /** A value that the version has no place for is dropped. Without this, anything but the default is refused. */
  readonly ignorable?: true;
}

/** A type; or a type, the versions that have the field, and more about it. */
export type Field = FieldType | readonly [FieldType, string] | readonly [FieldType, string, FieldOptions];

export interface Fields {
  readonly [name: string]: Field;
}

/** Both messages of an API, in the order of the wire. */
export interface ApiLayout {
  readonly key: number;
  readonly name: string;
  /** Versions spoken here. */
  readonly versions: string;
  /** Versions with compact lengths and tagged fields. */
  readonly flexible: string;
  /** Versions that brokers only accept with `unstable.api.versions.enable`. */
  readonly unstable?: string;
  readonly request: Fields;
  readonly response: Fields;
}
