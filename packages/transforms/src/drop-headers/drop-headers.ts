import type { Transform } from '@millrace/api';
import type { DropHeadersConfig } from './config.ts';

/** Takes out all headers of some names. */
export function dropHeaders(config: DropHeadersConfig): Transform {
  const names = new Set(config.headers);
  return {
    apply(record) {
      const headers = record.headers.filter(({ key }) => !names.has(key));
      return headers === record.headers ? record : (record.with({ headers }) as typeof record);
    },
  };
}
