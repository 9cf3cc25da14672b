import { DataError, RetriableError, type Transform } from '@millrace/api';
import { describe, expect, it } from 'vitest';
import { located } from '../../src/core/located.ts';
import { keyPart } from '../../src/core/record-part.ts';
import { sourceRecord } from '../make.ts';

describe('a transform that says where errors are', () => {
  const thrownBy = (error: unknown): unknown => {
    const failing: Transform = {
      apply: () => {
        throw error;
      },
    };
    try {
      located(failing, keyPart).apply(sourceRecord(), undefined);
    } catch (thrown) {
      return thrown;
    }
    return undefined;
  };

  it('adds topic and part, and keeps the rest', () => {
    const cause = new Error('inner');
    const original = new DataError('bad', { code: 'X', path: 'a.b', cause });
    expect(thrownBy(original)).toMatchObject({
      message: 'bad',
      code: 'X',
      path: 'a.b',
      topic: 'orders',
      part: 'key',
      cause,
    });
    expect((thrownBy(original) as DataError).stack).toBe(original.stack);
  });

  it('does not overwrite a part that the transform knows better', () => {
    expect(thrownBy(new DataError('bad', { part: 'header x' }))).toMatchObject({ part: 'header x' });
  });

  it('lets other errors of the family through', () => {
    const error = new RetriableError('later');
    expect(thrownBy(error)).toBe(error);
  });

  it('makes any other error the fault of the record', () => {
    const cause = new TypeError('x is no y');
    const thrown = thrownBy(cause);
    expect(DataError.isInstance(thrown)).toBe(true);
    expect(thrown).toMatchObject({ message: 'The key of this record cannot be transformed: x is no y', cause });
  });

  it('keeps prepare and close', async () => {
    const calls: string[] = [];
    const transform: Transform = {
      apply: (record) => record,
      prepare: () => {
        calls.push('prepare');
        return undefined;
      },
      close: () => {
        calls.push('close');
      },
    };
    const wrapped = located(transform, keyPart);
    expect(wrapped.prepare?.([])).toBeUndefined();
    await wrapped.close?.();
    expect(calls).toEqual(['prepare', 'close']);
    expect('prepare' in located({ apply: (record) => record }, keyPart)).toBe(false);
  });
});
