/**
 * The type of one field of a source's partition or offset. `int64` is always a bigint and `safeInt` always a number,
 * whoever wrote the stored offset; a `?` allows `null`.
 */
export type OffsetFieldType = OffsetScalar | `${OffsetScalar}?`;

type OffsetScalar = 'string' | 'int64' | 'safeInt' | 'float64' | 'boolean';

export type OffsetFields = Readonly<Record<string, OffsetFieldType>>;

/** The TypeScript type of a partition or an offset with these fields. */
export type OffsetOf<F extends OffsetFields> = { readonly [K in keyof F]: OffsetFieldValue<F[K]> };

type OffsetFieldValue<T extends OffsetFieldType> = T extends `${infer S extends OffsetScalar}?`
  ? ScalarValue<S> | null
  : T extends OffsetScalar
    ? ScalarValue<T>
    : never;

interface ScalarValues {
  readonly string: string;
  readonly int64: bigint;
  readonly safeInt: number;
  readonly float64: number;
  readonly boolean: boolean;
}

type ScalarValue<S extends OffsetScalar> = ScalarValues[S];
