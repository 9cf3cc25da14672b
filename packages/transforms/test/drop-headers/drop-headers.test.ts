import { Headers } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { dropHeaders } from '../../src/plugin.ts';
import { make, problemsOf, sourceRecord } from '../make.ts';

describe('DropHeaders', () => {
  it('drops every header of a name and keeps the order of the others', async () => {
    const drop = await make(dropHeaders, { headers: 'a,c' });
    const headers = Headers.empty.add('a', 1).add('b', 2).add('a', 3).add('d', 4);
    expect([...(drop(sourceRecord({ headers }))?.headers ?? [])].map(({ key }) => key)).toEqual(['b', 'd']);
  });

  it('gives a record that has none of them back as it is', async () => {
    const record = sourceRecord({ headers: Headers.empty.add('b', 2) });
    expect((await make(dropHeaders, { headers: 'a' }))(record)).toBe(record);
  });

  it('refuses an empty list', async () => {
    expect(await problemsOf(dropHeaders, { headers: '' })).toEqual([
      ['headers', expect.stringContaining("'headers' must not be empty")],
    ]);
  });
});
