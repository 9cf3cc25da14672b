import type { ConnectRecord, Schema } from '@millrace/api';

/** The part of a record that a transform works on: what Java has as two classes, `X$Key` and `X$Value`. */
export interface RecordPart {
  readonly name: 'key' | 'value';
  schema(record: ConnectRecord): Schema | null;
  value(record: ConnectRecord): unknown;
  /** A record with another key or value; everything else is shared. */
  replace<R extends ConnectRecord>(record: R, schema: Schema | null, value: unknown): R;
}

export const keyPart: RecordPart = {
  name: 'key',
  schema: (record) => record.keySchema,
  value: (record) => record.key,
  replace: <R extends ConnectRecord>(record: R, schema: Schema | null, value: unknown) =>
    record.with({ keySchema: schema, key: value }) as R,
};

export const valuePart: RecordPart = {
  name: 'value',
  schema: (record) => record.valueSchema,
  value: (record) => record.value,
  replace: <R extends ConnectRecord>(record: R, schema: Schema | null, value: unknown) =>
    record.with({ valueSchema: schema, value }) as R,
};
