import { Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { hoistField } from '../../src/plugin.ts';
import { make, sourceRecord } from '../make.ts';

describe('HoistField', () => {
  it('wraps into one struct for each name of a path', async () => {
    const hoist = await make(hoistField, { field: 'data.line', 'field.syntax.version': 'V2' });
    const record = hoist(sourceRecord({ value: 'x', valueSchema: Schema.string }));
    expect(record?.value).toEqual({ data: { line: 'x' } });
    expect(record?.valueSchema).toBe(Schema.struct({ data: Schema.struct({ line: Schema.string }) }));
  });

  it('wraps null too, and any name', async () => {
    const record = (await make(hoistField, { field: '__proto__' }))(sourceRecord());
    expect(Object.entries(record?.value as object)).toEqual([['__proto__', null]]);
  });
});
