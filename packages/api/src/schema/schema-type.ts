/** Connect's types, in the words of its JSON form. */
export type SchemaType =
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'float32'
  | 'float64'
  | 'boolean'
  | 'string'
  | 'bytes'
  | 'array'
  | 'map'
  | 'struct';

/** The names of Connect's own logical types. */
export const logicalNames: {
  readonly decimal: string;
  readonly date: string;
  readonly time: string;
  readonly timestamp: string;
} = {
  decimal: 'org.apache.kafka.connect.data.Decimal',
  date: 'org.apache.kafka.connect.data.Date',
  time: 'org.apache.kafka.connect.data.Time',
  timestamp: 'org.apache.kafka.connect.data.Timestamp',
};

/** What kind of JavaScript value stands for a schema's values: its type, or the logical type that its name says. */
export type Representation = SchemaType | 'decimal' | 'date' | 'time' | 'timestamp';

/** A logical name counts only on the type that it belongs to. */
export function representationOf(type: SchemaType, name: string | undefined): Representation {
  switch (name) {
    case logicalNames.decimal:
      return type === 'bytes' ? 'decimal' : type;
    case logicalNames.date:
      return type === 'int32' ? 'date' : type;
    case logicalNames.time:
      return type === 'int32' ? 'time' : type;
    case logicalNames.timestamp:
      return type === 'int64' ? 'timestamp' : type;
    default:
      return type;
  }
}
