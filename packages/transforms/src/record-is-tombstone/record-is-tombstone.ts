import type { Predicate } from '@millrace/api';

/** Says yes to records whose value is null, whatever their schema. */
export function recordIsTombstone(): Predicate {
  return { test: (record) => record.value === null };
}
