import { Headers, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { insertHeader } from '../../src/plugin.ts';
import { make, problemsOf, sinkRecord } from '../make.ts';

describe('InsertHeader', () => {
  it('adds a header although there is one of that name', async () => {
    const insert = await make(insertHeader, { header: 'h', 'value.literal': '7' });
    const record = insert(sinkRecord({ headers: Headers.empty.add('h', 'old') }));
    expect(record?.headers.allWithName('h')).toEqual([
      { key: 'h', value: 'old', schema: null },
      { key: 'h', value: 7, schema: Schema.int8 },
    ]);
  });

  it('names every key that is missing', async () => {
    expect((await problemsOf(insertHeader, {})).map(([key]) => key)).toEqual(['header', 'value.literal']);
  });
});
