import { DataError } from '@millrace/api';
import { expect, test, vi } from 'vitest';

test('an error of another copy of this package is recognised', async () => {
  vi.resetModules();
  const other = await import('@millrace/api');
  expect(other.DataError).not.toBe(DataError);
  expect(DataError.isInstance(new other.DataError('from the other copy'))).toBe(true);
});
