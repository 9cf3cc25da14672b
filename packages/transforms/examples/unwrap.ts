import type { TransformExample } from './example.ts';

const source = { connector: 'postgresql', table: 'orders', ts_ms: 1_692_799_999_000 };

export const examples: readonly TransformExample[] = [
  {
    title: 'the row after an update, with two parts of the envelope',
    config: { 'add.fields': 'op,source.table', 'add.headers': 'ts_ms' },
    before: {
      value: { op: 'u', before: { id: 1, state: 'new' }, after: { id: 1, state: 'paid' }, source, ts_ms: 17 },
    },
    after: { value: { id: 1, state: 'paid', __op: 'u', __source_table: 'orders' }, headers: { __ts_ms: 17 } },
  },
  {
    title: 'a delete as the last state of the row',
    config: { 'delete.tombstone.handling.mode': 'rewrite' },
    before: { value: { op: 'd', before: { id: 1, state: 'paid' }, after: null, source } },
    after: { value: { id: 1, state: 'paid', __deleted: 'true' } },
  },
  {
    title: 'a delete as a tombstone',
    config: {},
    before: { key: { id: 1 }, value: { op: 'd', before: { id: 1 }, after: null, source } },
    after: { key: { id: 1 }, value: null },
  },
];
