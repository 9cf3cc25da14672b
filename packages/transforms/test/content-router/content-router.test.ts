import { Decimal, Headers, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { contentRouter } from '../../src/plugin.ts';
import { make, problemsOf, sinkRecord, sourceRecord } from '../make.ts';

describe('ContentRouter', () => {
  it('reads nested fields with and without schema', async () => {
    const route = await make(contentRouter, { field: 'a.`b.c`', 'topic.format': '${topic}.${field}' });
    const schema: Schema = Schema.struct([['a', Schema.struct([['b.c', Schema.int64]])]]);
    expect(route(sourceRecord({ valueSchema: schema, value: { a: { 'b.c': 5n } } }))?.topic).toBe('orders.5');
    expect(route(sourceRecord({ value: { a: { 'b.c': true } } }))?.topic).toBe('orders.true');
  });

  it('takes the mapping first, then the format, then the default', async () => {
    const raw = { field: 'k', 'mapping.x y': 'xs', 'topic.format': 'f-${field}', 'default.topic': 'd-${topic}' };
    const route = await make(contentRouter, raw);
    const topics = ['x y', 'z', null].map((k) => route(sourceRecord({ value: { k } }))?.topic);
    expect([...topics, route(sourceRecord())?.topic]).toEqual(['xs', 'f-z', 'd-orders', 'd-orders']);
  });

  it('lets the topic be where nothing says another', async () => {
    const route = await make(contentRouter, { field: 'k', 'mapping.x': 'xs' });
    for (const value of [{ k: 'y' }, {}, 'text', null]) {
      const record = sourceRecord({ value });
      expect(route(record)).toBe(record);
    }
  });

  it('reads the key, and headers', async () => {
    const byKey = await make(contentRouter, { field: 'r', 'field.source': 'key', 'topic.format': '${field}' });
    expect(byKey(sinkRecord({ key: { r: 'eu' } }))).toMatchObject({ topic: 'eu', originalTopic: 'orders' });
    const byHeader = await make(contentRouter, { field: 'x.y', 'field.source': 'header', 'topic.format': '${field}' });
    const headers = Headers.empty.add('x.y', 'old').add('x.y', new Decimal(15n, 1));
    expect(byHeader(sourceRecord({ headers }))?.topic).toBe('1.5');
  });

  it('takes content for no pattern', async () => {
    const route = await make(contentRouter, { field: 'k', 'mapping.a': '${field}${topic}' });
    expect(route(sourceRecord({ value: { k: 'a' } }))?.topic).toBe('aorders');
    const format = await make(contentRouter, { field: 'k', 'topic.format': '${field}' });
    expect(() => format(sourceRecord({ value: { k: '${topic}' } }))).toThrow('"${topic}" cannot be a topic');
  });

  it.each(['', 'a b', '..', 'ä', 'x'.repeat(250)])('refuses what Kafka takes for no topic: %s', async (k) => {
    const route = await make(contentRouter, { field: 'k', 'topic.format': '${field}' });
    expect(() => route(sourceRecord({ value: { k } }))).toThrow(
      expect.objectContaining({ kind: 'data', path: 'k', part: 'value', topic: 'orders' }),
    );
  });

  it('refuses a field that is no single value', async () => {
    const route = await make(contentRouter, { field: 'k', 'topic.format': '${field}' });
    expect(() => route(sourceRecord({ value: { k: [] } }))).toThrow(
      expect.objectContaining({ kind: 'data', path: 'k' }),
    );
  });

  it('names every problem of its configuration at once', async () => {
    expect((await problemsOf(contentRouter, { field: '`a', 'default.topic': '${field}' })).map(([key]) => key)).toEqual(
      ['field', 'topic.format', 'default.topic'],
    );
  });
});
