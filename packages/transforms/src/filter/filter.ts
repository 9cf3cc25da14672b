import type { Transform } from '@millrace/api';

/** Drops every record that it gets. */
export function filter(): Transform {
  return { apply: () => null };
}
