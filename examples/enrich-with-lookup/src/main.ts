import { parseConfig, Schema, SourceRecord, silentLogger } from '@millrace/api';
import { openTransformChain } from '@millrace/transforms';
import { lookup } from '@millrace/transforms/plugin';

/** Each order gets the name and the credit limit of its customer, who stands in a CSV file. */

const { config } = parseConfig(lookup.config, {
  table: 'file',
  'table.path': `${import.meta.dirname}/../data/customers.csv`,
  'table.key': 'id',
  'table.types': 'credit limit:int32',
  'key.fields': 'customer.id',
  fields: 'name:customerName,credit limit:creditLimit',
  'on.miss': 'null',
});

const order = Schema.struct({
  order: Schema.string,
  customer: Schema.struct({ id: Schema.int64 }),
  total: Schema.float64,
});
const orders = [
  order.create({ order: 'A-1', customer: { id: 1002n }, total: 99.5 }),
  order.create({ order: 'A-2', customer: { id: 1003n }, total: 12 }),
  order.create({ order: 'A-3', customer: { id: 4711n }, total: 7.25 }),
].map((value) => new SourceRecord({ topic: 'orders', valueSchema: order, value }));

const signal = new AbortController().signal;
const chain = await openTransformChain([
  { name: 'customer', transform: () => lookup.create({ config, log: silentLogger, signal }) },
]);
for (const before of orders) {
  const after = await chain.applyChain(before);
  console.log(`before  ${print(before.value)}`);
  console.log(`after   ${print(after?.value)}\n`);
}
await chain.close();

function print(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner));
}
