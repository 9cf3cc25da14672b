import {
  ConfigError,
  type ConnectRecord,
  Headers,
  parseConfig,
  RetriableError,
  Schema,
  type SchemaAndValue,
  type SourceRecord,
  silentLogger,
  type Table,
  type TableKey,
  type TableProvider,
  type TableProviders,
  type TableSpec,
  type Transform,
} from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { createTransformChain } from '../../src/core/transform-chain.ts';
import { MemoryTable } from '../../src/lookup/memory-table.ts';
import { lookup } from '../../src/plugin.ts';
import { deepFreeze, sinkRecord, sourceRecord } from '../make.ts';

const customer = Schema.struct({
  id: Schema.int64,
  name: Schema.string,
  level: Schema.int8,
  address: Schema.struct({ city: Schema.string }).asOptional(),
});
const ann = customer.create({ id: 7n, name: 'Ann', level: 3, address: { city: 'Oslo' } });
const order = Schema.struct({ id: Schema.string, customer: Schema.int64.asOptional() }, { name: 'Order', version: 2 });
const orderOf = (id: number | null) =>
  sourceRecord({ valueSchema: order, value: order.create({ id: 'a', customer: id === null ? null : BigInt(id) }) });

/** As a compacted topic would be: read to its end before it is opened, and kept current by whoever has the writer. */
class TopicTables implements TableProvider {
  readonly name = 'topic';
  readonly table: MemoryTable = new MemoryTable();
  readonly specs: TableSpec[] = [];
  closed = 0;

  async open(spec: TableSpec): Promise<Table> {
    this.specs.push(spec);
    const { table } = this;
    return {
      get schema() {
        return table.schema;
      },
      get: (key) => table.get(key),
      close: () => {
        this.closed++;
      },
    };
  }
}

/** As a database would be: asked with one query for a batch. */
class QueryTables implements TableProvider {
  readonly name = 'query';
  readonly queried = true;
  readonly queries: (readonly TableKey[])[] = [];
  failures = 0;

  async open(): Promise<Table> {
    return {
      schema: undefined,
      get: () => undefined,
      prepare: async (keys) => {
        this.queries.push(keys);
        if (this.failures-- > 0) throw new RetriableError('The database is away.');
        return {
          schema: undefined,
          get: (key): SchemaAndValue | undefined => (key === 7 ? { schema: customer, value: ann } : undefined),
        };
      },
      close() {},
    };
  }
}

function providers(...list: readonly TableProvider[]): TableProviders {
  return { names: list.map(({ name }) => name), get: (name) => list.find((provider) => provider.name === name) };
}

async function open(raw: Readonly<Record<string, string>>, tables?: TableProviders): Promise<Transform> {
  const { config } = parseConfig(lookup.config, raw);
  const problems = lookup.validate?.(config) ?? [];
  if (problems.length > 0) throw new ConfigError(problems);
  const context = { config, log: silentLogger, signal: new AbortController().signal };
  return lookup.create(tables === undefined ? context : { ...context, tables });
}

const nameOf = (record: ConnectRecord | null) => (record?.value as { name?: unknown } | undefined)?.name;

async function topicLookup(raw: Readonly<Record<string, string>> = {}) {
  const topic = new TopicTables();
  topic.table.set(7, customer, ann);
  const transform = await open({ table: 'topic', 'key.fields': 'customer', ...raw }, providers(topic));
  return { topic, apply: (record: SourceRecord) => transform.apply(deepFreeze(record), undefined), transform };
}

describe('Lookup, of records with a schema', () => {
  it('adds the fields that are named, under the names and with the schemas that they have', async () => {
    const { apply } = await topicLookup({ fields: 'name,level:rank,address.city' });
    const record = apply(orderOf(7));
    expect(record?.value).toEqual({ id: 'a', customer: 7n, name: 'Ann', rank: 3, city: 'Oslo' });
    expect(record?.valueSchema).toBe(
      Schema.struct(
        {
          id: Schema.string,
          customer: Schema.int64.asOptional(),
          name: Schema.string.asOptional(),
          rank: Schema.int8.asOptional(),
          city: Schema.string.asOptional(),
        },
        { name: 'Order', version: 2 },
      ),
    );
  });

  it('adds all fields when none is named, and replaces one of the same name where it stands', async () => {
    const { apply } = await topicLookup({ 'on.miss': 'fail' });
    const record = apply(orderOf(7));
    expect(record?.value).toEqual({ id: 7n, customer: 7n, name: 'Ann', level: 3, address: { city: 'Oslo' } });
    expect(record?.valueSchema?.fields.map(({ name, schema }) => `${name} ${schema.type}`)).toEqual([
      'id int64',
      'customer int64',
      'name string',
      'level int8',
      'address struct',
    ]);
    expect(record?.valueSchema?.field('name')?.schema).toBe(Schema.string);
  });

  it('gives a record without a row the same schema as one with a row', async () => {
    const { apply } = await topicLookup({ fields: 'name,address.city' });
    expect(apply(orderOf(8))?.value).toEqual({ id: 'a', customer: 8n, name: null, city: null });
    expect(apply(orderOf(null))?.valueSchema).toBe(apply(orderOf(7))?.valueSchema);
  });

  it('finds rows by several fields, also nested ones', async () => {
    const schema = Schema.struct({ ref: Schema.struct({ region: Schema.string, no: Schema.int32 }) });
    const topic = new TopicTables();
    topic.table.set(['eu', 5], customer, ann);
    const raw = { table: 'topic', 'key.fields': 'ref.region,ref.no', fields: 'name' };
    const transform = await open(raw, providers(topic));
    const record = sourceRecord({ valueSchema: schema, value: schema.create({ ref: { region: 'eu', no: 5 } }) });
    expect(transform.apply(record, undefined)?.value).toEqual({ ref: { region: 'eu', no: 5 }, name: 'Ann' });
  });

  it("finds rows by the record's key", async () => {
    const { apply } = await topicLookup({ 'key.fields': '', 'key.source': 'key', fields: 'name' });
    const record = orderOf(null).with({ keySchema: Schema.int32, key: 7 });
    expect(apply(record)?.value).toEqual({ id: 'a', customer: null, name: 'Ann' });
  });

  it('takes a row that is no struct as one field', async () => {
    const { topic, apply } = await topicLookup({ fields: 'value:note' });
    topic.table.set(9, Schema.string, 'hello');
    expect(apply(orderOf(9))?.value).toEqual({ id: 'a', customer: 9n, note: 'hello' });
  });

  it('follows the table while it runs: new rows, deleted rows, a new schema', async () => {
    const { topic, apply } = await topicLookup({ fields: 'name' });
    const name = (id: number) => nameOf(apply(orderOf(id)));
    topic.table.set(8, customer, customer.create({ id: 8n, name: 'Bob', level: 1 }));
    topic.table.delete(7);
    expect([name(7), name(8)]).toEqual([null, 'Bob']);
    const next = Schema.struct({ name: Schema.int32 });
    topic.table.set(7, next, next.create({ name: 1 }));
    expect([name(7), name(8)]).toEqual([1, 'Bob']);
  });

  it('tells the table which fields and how many values of a key it needs', async () => {
    const raw = { fields: 'address.city,name:n,address.zip:z', 'table.topic': 'customers', 'table.x.y': '1' };
    const { topic } = await topicLookup(raw);
    expect(topic.specs).toEqual([
      { config: { topic: 'customers', 'x.y': '1' }, keyParts: 1, fields: ['address', 'name'] },
    ]);
  });
});

describe('Lookup, of records without a schema', () => {
  const raw = { 'key.fields': 'ref.customer', fields: 'id:customerId,address' };
  const plainOrder = (customerId: unknown) => sourceRecord({ value: { ref: { customer: customerId } } });

  it('adds plain values', async () => {
    const { apply } = await topicLookup(raw);
    expect(apply(plainOrder(7))).toMatchObject({
      valueSchema: null,
      value: { ref: { customer: 7 }, customerId: 7, address: { city: 'Oslo' } },
    });
    expect(apply(plainOrder(8))?.value).toEqual({ ref: { customer: 8 }, customerId: null, address: null });
    expect(apply(sourceRecord({ value: {} }))?.value).toEqual({ customerId: null, address: null });
  });

  it('takes the fields of rows without schema as they are', async () => {
    const { topic, apply } = await topicLookup({ ...raw, fields: '' });
    topic.table.set('x', null, JSON.parse('{"__proto__":1,"tags":["a"]}'));
    const joined = apply(plainOrder('x'))?.value as Readonly<Record<string, unknown>>;
    expect(Object.entries(joined)).toEqual([
      ['ref', { customer: 'x' }],
      ['__proto__', 1],
      ['tags', ['a']],
    ]);
  });

  it('cannot join rows without a schema with a record that has one', async () => {
    const { topic, apply } = await topicLookup();
    topic.table.set(7, null, { name: 'Ann' });
    expect(() => apply(orderOf(7))).toThrow(expect.objectContaining({ kind: 'data', part: 'value', topic: 'orders' }));
  });
});

describe('a record without a row', () => {
  it('goes on as it is with skip', async () => {
    const { apply } = await topicLookup({ 'on.miss': 'skip' });
    const record = orderOf(8);
    expect(apply(record)).toBe(record);
  });

  it('is dropped with drop', async () => {
    expect((await topicLookup({ 'on.miss': 'drop' })).apply(orderOf(8))).toBeNull();
  });

  it('is an error with fail, which names the key', async () => {
    const { apply } = await topicLookup({ 'on.miss': 'fail' });
    expect(() => apply(orderOf(8))).toThrow('Table topic: there is no row for the key 8 (customer).');
    expect(() => apply(orderOf(null))).toThrow(expect.objectContaining({ kind: 'data', part: 'value' }));
  });

  it('gets the default values, of the types that the rows have', async () => {
    const raw = { 'on.miss': 'default', fields: 'name,level,id:cid', 'default.name': '7', 'default.level': '0' };
    const { apply } = await topicLookup(raw);
    expect(apply(orderOf(8))?.value).toEqual({ id: 'a', customer: 8n, name: '7', level: 0, cid: null });
    expect(apply(orderOf(8))?.valueSchema).toBe(apply(orderOf(7))?.valueSchema);
    expect(apply(orderOf(8))?.valueSchema?.field('name')?.schema).toBe(Schema.string);
    expect(apply(sourceRecord({ value: {} }))?.value).toEqual({ name: 7, level: 0, cid: null });
  });

  it('goes on as it is while nobody knows the schema of the rows', async () => {
    const transform = await open({ table: 'topic', 'key.fields': 'customer' }, providers(new TopicTables()));
    const record = orderOf(8);
    expect(transform.apply(record, undefined)).toBe(record);
  });

  it('is not looked up when it has no value', async () => {
    const tombstone = sinkRecord({ key: 'k' });
    expect((await topicLookup({ 'on.miss': 'fail' })).transform.apply(tombstone, undefined)).toBe(tombstone);
  });
});

describe('a lookup that asks another system', () => {
  const raw = { table: 'query', 'key.fields': 'customer', fields: 'name', 'cache.ttl.ms': '1h' };
  const throwing = {
    onError(_record: unknown, error: unknown): never {
      throw error;
    },
  };

  it('asks once per batch, for the records that its predicate lets through, as the stages before left them', async () => {
    const tables = new QueryTables();
    const chain = createTransformChain([
      {
        name: 'renumber',
        transform: {
          apply: (record) => {
            const { customer: id } = record.value as { customer: bigint };
            return record.with({ value: order.create({ id: 'a', customer: id + 1n }) }) as typeof record;
          },
        },
      },
      {
        name: 'lookup',
        transform: await open(raw, providers(tables)),
        predicate: { test: ({ headers }) => headers.has('look') },
      },
    ]);
    const batch = [6, 6, 8].map((id) => orderOf(id).with({ headers: Headers.empty.add('look', true) }));
    const joined = await chain.applyBatch([...batch, orderOf(50)], throwing);
    expect(tables.queries).toEqual([[7, 9]]);
    expect(joined.map(nameOf)).toEqual(['Ann', 'Ann', null, undefined]);
    await chain.applyBatch(batch, throwing);
    expect(tables.queries).toHaveLength(1);
  });

  it('is asked again when the system was away', async () => {
    const tables = new QueryTables();
    tables.failures = 1;
    const chain = createTransformChain([{ name: 'lookup', transform: await open(raw, providers(tables)) }]);
    const [joined] = await chain.applyBatch([orderOf(7)], { ...throwing, onPrepareError: () => 'retry' });
    expect(joined?.value).toEqual({ id: 'a', customer: 7n, name: 'Ann' });
    expect(tables.queries).toEqual([[7], [7]]);
  });

  it('lets only the record fail whose key cannot be read', async () => {
    const tables = new QueryTables();
    const chain = createTransformChain([{ name: 'lookup', transform: await open(raw, providers(tables)) }]);
    const failed: unknown[] = [];
    const joined = await chain.applyBatch([sourceRecord({ value: { customer: {} } }), orderOf(7)], {
      onError(_record, error) {
        failed.push(error);
        return 'skip';
      },
    });
    expect(failed).toEqual([expect.objectContaining({ kind: 'data', path: 'customer' })]);
    expect(joined.map((record) => record?.value ?? null)).toEqual([null, { id: 'a', customer: 7n, name: 'Ann' }]);
  });
});

describe('opening a lookup', () => {
  it('names every problem of its configuration at once', async () => {
    const error = await open({
      table: 'file',
      fields: 'a:x,b:x,c:,`d',
      'on.miss': 'default',
      'key.fields': '`k',
    }).catch((thrown: unknown) => thrown);
    expect((error as ConfigError).problems.map(({ key }) => key)).toEqual([
      'key.fields',
      'fields',
      'fields',
      'fields',
      'on.miss',
    ]);
  });

  it('refuses a default for a field that is not copied, and a key that is nowhere', async () => {
    const raw = { table: 'file', fields: 'a', 'on.miss': 'default', 'default.b': '1' };
    const error = await open(raw).catch((thrown: unknown) => thrown);
    expect((error as ConfigError).problems.map(({ key }) => key)).toEqual(['key.fields', 'default.b']);
  });

  it('says which kinds of tables there are', async () => {
    const opening = open({ table: 'redis', 'key.fields': 'a' }, providers(new TopicTables()));
    await expect(opening).rejects.toThrow('There is no table of the kind redis; there are: file, topic.');
  });

  it("puts the prefix back before the table's own keys", async () => {
    const error = await open({ table: 'file', 'key.fields': 'a,b', 'table.path': 'x', 'table.key': 'a' }).catch(
      (thrown: unknown) => thrown,
    );
    expect((error as ConfigError).problems.map(({ key }) => key)).toEqual(['table.format', 'table.key']);
  });

  it('closes its table with itself', async () => {
    const { topic, transform } = await topicLookup();
    await transform.close?.();
    expect(topic.closed).toBe(1);
  });
});
