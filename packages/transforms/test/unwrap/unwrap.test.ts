import { Headers, Schema, type Struct } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../src/plugin.ts';
import { make, problemsOf, sourceRecord } from '../make.ts';

const row = Schema.struct(
  { id: Schema.int32, state: Schema.string.asOptional().with({ default: 'new' }) },
  { name: 'shop.public.orders.Value', optional: true },
);
const source = Schema.struct({
  connector: Schema.string,
  table: Schema.string,
  ts_ms: Schema.int64.with({ default: 0n }),
});
const transaction = Schema.struct({ id: Schema.string, total_order: Schema.int64 }, { optional: true });
const envelope: Schema<Struct> = Schema.struct(
  [
    ['before', row],
    ['after', row],
    ['source', source],
    ['transaction', transaction],
    ['op', Schema.string],
    ['ts_ms', Schema.int64.asOptional()],
  ],
  { name: 'shop.public.orders.Envelope' },
);

function event(op: string, before: object | null, after: object | null, schema: Schema<Struct> = envelope) {
  const struct = (values: object | null) => values && (row as Schema<Struct>).create(values as never);
  const value = schema.create({
    before: struct(before),
    after: struct(after),
    source: source.create({ connector: 'postgresql', table: 'orders', ts_ms: 5n }),
    op,
    ts_ms: 7n,
  } as never);
  return sourceRecord({ topic: 'shop.public.orders', key: 1, value, valueSchema: schema });
}

const plainEvent = (op: string, before: object | null, after: object | null) =>
  sourceRecord({ value: { op, before, after, source: { table: 'orders', ts_ms: 5 }, ts_ms: 7 } });

describe('Unwrap', () => {
  it('takes the row that an insert, update or snapshot has made, with its schema', async () => {
    const apply = await make(unwrap);
    for (const op of ['c', 'u', 'r']) {
      const record = apply(event(op, op === 'u' ? { id: 1 } : null, { id: 1, state: 'paid' }));
      expect(record).toMatchObject({ value: { id: 1, state: 'paid' }, valueSchema: row, key: 1 });
    }
    expect(apply(plainEvent('c', null, { id: 1 }))?.value).toEqual({ id: 1 });
  });

  it('leaves alone what is no change event', async () => {
    const apply = await make(unwrap, { 'add.fields': 'op' });
    const others = [
      sourceRecord({ value: row.create({ id: 1 }), valueSchema: row }),
      sourceRecord({ value: 'text', valueSchema: Schema.string }),
      sourceRecord({ value: { op: 1, after: {} } }),
      sourceRecord({ value: 'text' }),
    ];
    for (const record of others) expect(apply(record)).toBe(record);
  });

  it('knows change events whose schema has no name', async () => {
    const nameless = envelope.with({ name: undefined });
    expect((await make(unwrap))(event('c', null, { id: 1 }, nameless))?.value).toEqual({ id: 1, state: null });
  });

  it('adds parts of the envelope, optional and without their defaults', async () => {
    const apply = await make(unwrap, { 'add.fields': 'op,table,source.ts_ms:at,total_order,transaction.id,nothing' });
    const record = apply(event('c', null, { id: 1 }));
    expect(record?.value).toEqual({
      id: 1,
      state: null,
      __op: 'c',
      __table: 'orders',
      __at: 5n,
      __total_order: null,
      __transaction_id: null,
    });
    expect(record?.valueSchema?.field('__at')?.schema).toBe(Schema.int64.asOptional());
    expect(record?.valueSchema).toMatchObject({ name: 'shop.public.orders.Value', optional: false });
    expect(apply(plainEvent('c', null, { id: 1 }))?.value).toEqual({ id: 1, __op: 'c', __table: 'orders', __at: 5 });
  });

  it('adds parts of the envelope as headers, behind those that are there', async () => {
    const raw = { 'add.headers': 'op,source.table:t', 'add.headers.prefix': 'cdc.' };
    const apply = await make(unwrap, raw);
    const record = apply(event('c', null, { id: 1 }).with({ headers: Headers.empty.add('h', 1) }));
    expect([...(record?.headers ?? [])]).toEqual([
      { key: 'h', value: 1, schema: null },
      { key: 'cdc.op', value: 'c', schema: Schema.string.asOptional() },
      { key: 'cdc.t', value: 'orders', schema: Schema.string.asOptional() },
    ]);
    expect(apply(plainEvent('c', null, {}))?.headers.allWithName('cdc.t')).toEqual([
      { key: 'cdc.t', value: 'orders', schema: null },
    ]);
  });

  it('drops truncates', async () => {
    const apply = await make(unwrap, { 'delete.tombstone.handling.mode': 'rewrite-with-tombstone' });
    expect([apply(event('t', null, null)), apply(plainEvent('t', null, null))]).toEqual([null, null]);
  });

  it('sends rows to the topic that they name', async () => {
    const apply = await make(unwrap, { 'route.by.field': 'state', 'delete.tombstone.handling.mode': 'tombstone' });
    const topics = [
      event('c', null, { id: 1, state: 'paid' }),
      event('d', { id: 1, state: 'sent' }, null),
      event('c', null, { id: 1, state: '  ' }),
      plainEvent('c', null, { state: 'paid' }),
    ].map((record) => apply(record)?.topic);
    expect(topics).toEqual(['paid', 'sent', 'shop.public.orders', 'paid']);
  });

  it('takes rows that are texts as they are, as those of MongoDB', async () => {
    const schema: Schema<Struct> = Schema.struct(
      [
        ['before', Schema.string.asOptional()],
        ['after', Schema.string.asOptional()],
        ['op', Schema.string],
      ],
      { name: 'x.Envelope' },
    );
    const value = schema.create({ after: '{"_id":1}', op: 'c' } as never);
    const apply = await make(unwrap, { 'delete.tombstone.handling.mode': 'rewrite', 'add.fields': 'op' });
    expect(apply(sourceRecord({ value, valueSchema: schema }))).toMatchObject({
      value: '{"_id":1}',
      valueSchema: Schema.string.asOptional(),
    });
  });

  it('refuses two parts under one name', async () => {
    expect(await problemsOf(unwrap, { 'add.fields': 'ts_ms,source.ts_ms:ts_ms' })).toEqual([
      ['add.fields', expect.stringContaining('__ts_ms twice')],
    ]);
  });

  it('refuses paths that are none', async () => {
    expect(
      (await problemsOf(unwrap, { 'add.fields': '`a', 'add.headers': '`b', 'route.by.field': '`c' })).map(
        ([key]) => key,
      ),
    ).toEqual(['add.fields', 'add.headers', 'route.by.field']);
  });
});

describe('a delete and its tombstone', () => {
  const deleted = { id: 1, state: 'paid', __deleted: 'true' };

  it.each([
    [{}, null, 'gone'],
    [{ 'delete.tombstone.handling.mode': 'tombstone' }, null, 'gone'],
    [{ 'delete.tombstone.handling.mode': 'delete-to-tombstone' }, null, 'gone'],
    [{ 'delete.tombstone.handling.mode': 'drop' }, 'gone', 'gone'],
    [{ 'delete.tombstone.handling.mode': 'rewrite' }, deleted, 'gone'],
    [{ 'delete.tombstone.handling.mode': 'REWRITE-WITH-TOMBSTONE' }, deleted, null],
    [{ 'delete.handling.mode': 'drop' }, 'gone', 'gone'],
    [{ 'delete.handling.mode': 'none' }, null, 'gone'],
    [{ 'delete.handling.mode': 'tombstone', 'drop.tombstones': 'false' }, null, null],
    [{ 'delete.handling.mode': 'rewrite', 'drop.tombstones': 'true' }, deleted, 'gone'],
    [{ 'drop.tombstones': 'false' }, 'gone', null],
    [{ 'drop.tombstones': 'false', 'delete.tombstone.handling.mode': 'rewrite' }, deleted, 'gone'],
  ])('%o', async (raw, ofDelete, ofTombstone) => {
    const apply = await make(unwrap, raw as Readonly<Record<string, string>>);
    const shown = (record: { readonly value: unknown } | null) => (record === null ? 'gone' : record.value);
    expect(shown(apply(event('d', { id: 1, state: 'paid' }, null)))).toEqual(ofDelete);
    expect(shown(apply(plainEvent('d', { id: 1, state: 'paid' }, null)))).toEqual(ofDelete);
    expect(shown(apply(sourceRecord({ key: 1 })))).toEqual(ofTombstone);
  });

  it('count without the row as it was, which a table may not give', async () => {
    const raw = { 'route.by.field': 'state', 'add.headers': 'op' };
    for (const mode of ['tombstone', 'delete-to-tombstone']) {
      const apply = await make(unwrap, { ...raw, 'delete.tombstone.handling.mode': mode });
      const valueSchema = mode === 'tombstone' ? row : null;
      const record = apply(event('d', null, null));
      expect(record).toMatchObject({ topic: 'shop.public.orders', key: 1, value: null, valueSchema });
      expect([...(record?.headers ?? [])].map(({ value }) => value)).toEqual(['d']);
      expect(apply(plainEvent('d', null, null))).toMatchObject({ value: null, valueSchema: null });
    }
    const drop = await make(unwrap, { 'delete.tombstone.handling.mode': 'drop' });
    expect([drop(event('d', null, null)), drop(plainEvent('d', null, null))]).toEqual([null, null]);
  });

  it('cannot be rewritten without the row as it was', async () => {
    const apply = await make(unwrap, { 'delete.tombstone.handling.mode': 'rewrite' });
    for (const record of [event('d', null, null), plainEvent('d', null, null)]) {
      expect(() => apply(record)).toThrow(
        expect.objectContaining({ name: 'DataError', part: 'value', path: 'before' }),
      );
    }
  });

  it('keep the schema of the row, unless it shall be a plain tombstone', async () => {
    const schemaOf = async (mode: string) =>
      (await make(unwrap, { 'delete.tombstone.handling.mode': mode }))(event('d', { id: 1 }, null))?.valueSchema;
    expect(await schemaOf('tombstone')).toBe(row);
    expect(await schemaOf('delete-to-tombstone')).toBeNull();
  });

  it('say with rewrite that other rows are not deleted, and defaults stand in', async () => {
    const apply = await make(unwrap, { 'delete.tombstone.handling.mode': 'rewrite' });
    expect(apply(event('c', null, { id: 1 }))?.value).toEqual({ id: 1, state: 'new', __deleted: 'false' });
    expect(apply(event('d', { id: 1 }, null))?.valueSchema).toBe(apply(event('c', null, { id: 1 }))?.valueSchema);
  });

  it('carry the operation in a header', async () => {
    const raw = { 'add.headers': 'op,table', 'delete.tombstone.handling.mode': 'rewrite-with-tombstone' };
    const tombstone = (await make(unwrap, raw))(sourceRecord({ key: 1 }));
    expect([...(tombstone?.headers ?? [])]).toEqual([{ key: '__op', value: 'd', schema: Schema.string }]);
  });
});
