import {
  type ConfigKeys,
  parseConfig,
  Schema,
  SourceRecord,
  silentLogger,
  type Transform,
  type TransformPlugin,
} from '@millrace/api';
import { cast, flatten, insertField, maskField, regexRouter, replaceField } from '@millrace/transforms/plugin';
import { type Pair, pair } from '../pair.ts';

/** A power of two, so that a piece of work is found with a mask. */
const count = 1024;
const mask = count - 1;

const six = Schema.struct({
  id: Schema.int64,
  name: Schema.string,
  quantity: Schema.int32,
  price: Schema.float64,
  active: Schema.boolean,
  city: Schema.string,
});
const nested = Schema.struct({ id: Schema.int64, billing: six, shipping: six.asOptional() });

/** The transforms against object spreads of the same value, one for each transform. */
export async function transformPairs(): Promise<readonly Pair[]> {
  const chain = [
    await create(insertField, { 'static.field': 'source', 'static.value': 'shop' }),
    await create(replaceField, { exclude: 'city', renames: 'name:title' }),
    await create(cast, { spec: 'quantity:int64,price:float32' }),
    await create(regexRouter, { regex: 'ord(.*)', replacement: 'new$1' }),
  ];
  const inside = { fields: 'billing.name', 'field.syntax.version': 'V2' };
  return [
    chainPair('InsertField, ReplaceField, Cast, RegexRouter: structs of 6 fields', chain, structs(), 0.3),
    chainPair('InsertField, ReplaceField, Cast, RegexRouter: objects of 6 fields', chain, objects()),
    chainPair('MaskField inside of a struct', [await create(maskField, inside)], nestedStructs()),
    chainPair('Flatten: 13 fields in 3 structs', [await create(flatten, {})], nestedStructs()),
  ];
}

function chainPair(name: string, chain: readonly Transform[], records: readonly SourceRecord[], goal?: number): Pair {
  const ours = (index: number): unknown => {
    let record: SourceRecord | null = records[index & mask] as SourceRecord;
    for (const transform of chain) {
      record = transform.apply(record, undefined);
      if (record === null) return null;
    }
    return record;
  };
  const plain = (index: number): unknown => {
    let value = (records[index & mask] as SourceRecord).value as object;
    for (let step = 0; step < chain.length; step++) value = { ...value };
    return value;
  };
  return pair(name, ours, plain, goal === undefined ? {} : { goal });
}

async function create<K extends ConfigKeys>(
  plugin: TransformPlugin<K>,
  raw: Readonly<Record<string, string>>,
): Promise<Transform> {
  const { config } = parseConfig(plugin.config, raw);
  return plugin.create({ config, log: silentLogger, signal: new AbortController().signal });
}

function structs(): readonly SourceRecord[] {
  return records(six, (index) => six.create(valuesOf(index)));
}

function objects(): readonly SourceRecord[] {
  return records(null, (index) => JSON.parse(JSON.stringify({ ...valuesOf(index), id: index })));
}

function nestedStructs(): readonly SourceRecord[] {
  return records(nested, (index) => {
    const inner = six.create(valuesOf(index));
    return nested.create({ id: BigInt(index), billing: inner, shipping: inner });
  });
}

function records(schema: Schema | null, value: (index: number) => unknown): readonly SourceRecord[] {
  return Array.from(
    { length: count },
    (_, index) => new SourceRecord({ topic: 'orders', valueSchema: schema, value: value(index), timestamp: index }),
  );
}

function valuesOf(index: number) {
  return {
    id: BigInt(index),
    name: `name ${index}`,
    quantity: index,
    price: index / 4 + 0.01,
    active: index % 3 === 0,
    city: `city ${index % 20}`,
  };
}
