import { DataError, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { insertField } from '../../src/plugin.ts';
import { make, problemsOf, sinkRecord, sourceRecord } from '../make.ts';

const schema = Schema.struct({ id: Schema.int64, meta: Schema.struct({ a: Schema.string }).asOptional() });
const value = schema.create({ id: 1n, meta: { a: 'x' } });
const v2 = { 'field.syntax.version': 'V2' };

describe('InsertField', () => {
  it('inserts into nested structs, and makes those that are missing', async () => {
    const insert = await make(insertField, {
      ...v2,
      'topic.field': 'meta.topic!',
      'offset.field': 'kafka.offset',
      'timestamp.field': 'kafka.time?',
    });
    const record = insert(sinkRecord({ value, valueSchema: schema, timestamp: 5 }));
    expect(record?.value).toEqual({
      id: 1n,
      meta: { a: 'x', topic: 'orders' },
      kafka: { offset: 42n, time: new Date(5) },
    });
    expect(record?.valueSchema?.field('meta')?.schema.field('topic')?.schema).toBe(Schema.string);
    expect(record?.valueSchema?.field('kafka')?.schema.field('time')?.schema).toBe(Schema.timestamp.asOptional());
  });

  it('inserts nothing into a struct that is null', async () => {
    const insert = await make(insertField, { ...v2, 'topic.field': 'meta.topic' });
    expect(insert(sinkRecord({ value: { id: 1n, meta: null }, valueSchema: schema }))?.value).toEqual({
      id: 1n,
      meta: null,
    });
  });

  it('makes objects that are missing, without a schema', async () => {
    const insert = await make(insertField, { ...v2, 'topic.field': 'a.b.topic', 'partition.field': 'a.partition' });
    expect(insert(sourceRecord({ value: { a: { x: 1 } } }))?.value).toEqual({ a: { x: 1, b: { topic: 'orders' } } });
  });

  it('refuses a field that is there, and says which', async () => {
    const insert = await make(insertField, { ...v2, 'topic.field': 'meta.a' });
    const record = sourceRecord({ value, valueSchema: schema });
    expect(() => insert(record)).toThrow(DataError);
    expect(() => insert(record)).toThrow('Field meta.a cannot be inserted: there is one of that name.');
  });

  it('refuses the offset of a source record', async () => {
    const insert = await make(insertField, { 'offset.field': 'o' });
    expect(() => insert(sourceRecord({ value: {} }))).toThrow('Only a record of a sink has an offset to insert');
  });

  it('names every problem of its configuration', async () => {
    expect(await problemsOf(insertField, { 'static.field': '`s', 'topic.field': '`t!', ...v2 })).toEqual([
      ['static.value', 'No value specified for static field `s.'],
      ['topic.field', expect.stringContaining('Incomplete backtick pair')],
      ['static.field', expect.stringContaining('Incomplete backtick pair')],
    ]);
    expect(await problemsOf(insertField, {})).toEqual([
      ['static.field', expect.stringContaining('No field insertion configured')],
    ]);
  });
});
