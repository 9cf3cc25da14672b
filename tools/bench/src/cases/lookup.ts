import {
  parseConfig,
  Schema,
  SinkRecord,
  type Struct,
  silentLogger,
  type Table,
  type TableProviders,
} from '@millrace/api';
import { MemoryTable } from '@millrace/transforms';
import { lookup } from '@millrace/transforms/plugin';
import { type Pair, pair } from '../pair.ts';

const rowCount = 1_000_000;
/** A power of two, so that a piece of work is found with a mask. */
const recordCount = 1 << 16;
const mask = recordCount - 1;

const rowSchema = Schema.struct({ name: Schema.string, city: Schema.string, score: Schema.int32 });

/** Lookup in a million rows in memory, against a bare Map and a spread of record and row. */
export async function lookupPairs(): Promise<readonly Pair[]> {
  return [
    await lookupPair('Lookup: 1 M rows by a text', Schema.string, (id) => `customer-${id}`),
    await lookupPair('Lookup: 1 M rows by an int64', Schema.int64, (id) => id, BigInt),
  ];
}

async function lookupPair<K extends string | number>(
  name: string,
  keySchema: Schema,
  keyOf: (id: number) => K,
  inRecord: (key: K) => unknown = (key) => key,
): Promise<Pair> {
  const table = new MemoryTable();
  const plain = new Map<unknown, Struct>();
  for (let id = 0; id < rowCount; id++) {
    const row = rowSchema.create({ name: `Customer ${id}`, city: `City ${id % 1000}`, score: id % 100 });
    table.set(keyOf(id), rowSchema, row);
    plain.set(inRecord(keyOf(id)), row);
  }
  const schema: Schema<Struct> = Schema.struct([
    ['order', Schema.int64],
    ['customer', keySchema],
    ['amount', Schema.float64],
  ]);
  const records = Array.from({ length: recordCount }, (_, index) => {
    const customer = inRecord(keyOf((index * 7919) % rowCount));
    const value = schema.create({ order: BigInt(index), customer, amount: index + 0.5 } as never);
    return new SinkRecord({ topic: 'orders', partition: 0, offset: index, valueSchema: schema, value });
  });
  const { config } = parseConfig(lookup.config, { table: 'memory', 'key.fields': 'customer', 'on.miss': 'fail' });
  const context = { config, log: silentLogger, signal: new AbortController().signal, tables: tablesOf(table) };
  const transform = await lookup.create(context);
  return pair(
    name,
    (index) => transform.apply(records[index & mask] as SinkRecord, undefined),
    (index) => {
      const value = (records[index & mask] as SinkRecord).value as Struct;
      return { ...value, ...plain.get(value['customer']) };
    },
    { goal: 0.5 },
  );
}

function tablesOf(table: Table): TableProviders {
  return { names: ['memory'], get: (name) => (name === 'memory' ? { name, open: async () => table } : undefined) };
}
