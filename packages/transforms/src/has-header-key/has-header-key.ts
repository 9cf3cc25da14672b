import type { Predicate } from '@millrace/api';
import type { HasHeaderKeyConfig } from './config.ts';

/** Says yes to records with a header of that name. */
export function hasHeaderKey({ name }: HasHeaderKeyConfig): Predicate {
  return { test: (record) => record.headers.has(name) };
}
