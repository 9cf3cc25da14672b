import { type Transform, Values } from '@millrace/api';
import type { InsertHeaderConfig } from './config.ts';

/** Adds a header with the same value to every record; its schema is the one that the text looks like. */
export function insertHeader({ header, valueLiteral }: InsertHeaderConfig): Transform {
  const { schema, value } = Values.parseString(valueLiteral);
  return {
    apply: (record) => record.with({ headers: record.headers.add(header, value, schema) }) as typeof record,
  };
}
