import {
  AlreadyExistsError,
  ConfigError,
  DataError,
  errorFromWire,
  errorToWire,
  MillraceError,
  NotFoundError,
  RetriableError,
  TimeoutError,
} from '@millrace/api';
import { describe, expect, test } from 'vitest';

/** As it happens between two threads. */
function cross(error: unknown): Error {
  return errorFromWire(structuredClone(errorToWire(error)));
}

describe('an error that crosses a thread', () => {
  const family = [MillraceError, RetriableError, DataError, TimeoutError, NotFoundError, AlreadyExistsError];

  test.each(family.map((type) => [type.name, type] as const))('stays a %s with its code and message', (name, type) => {
    const error = cross(new type('the table is locked', { code: 'TABLE_LOCKED' }));
    expect(type.isInstance(error)).toBe(true);
    expect(MillraceError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ name, message: 'the table is locked', code: 'TABLE_LOCKED' });
  });

  test('keeps the stack of the place where it was thrown', () => {
    const before = new RetriableError('broken pipe');
    expect(before.stack).toMatch(/^RetriableError: broken pipe\n/);
    expect(cross(before).stack).toBe(before.stack);
  });

  test('keeps its causes, of whatever family', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const error = cross(new RetriableError('cannot write', { cause: new TypeError('inner', { cause: refused }) }));
    expect(error.cause).toMatchObject({ name: 'TypeError', message: 'inner' });
    expect((error.cause as Error).cause).toMatchObject({ message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' });
    expect(MillraceError.isInstance(error.cause)).toBe(false);
  });

  test('keeps where a record is wrong', () => {
    const error = cross(new DataError('is no number', { topic: 'orders', part: 'value', path: 'lines[2].price' }));
    expect(error).toMatchObject({ topic: 'orders', part: 'value', path: 'lines[2].price' });
  });

  test('keeps every problem of a configuration', () => {
    const problems = [
      { key: 'file', message: 'Missing.' },
      { key: 'topic', message: 'Blank.' },
    ];
    expect(cross(new ConfigError(problems))).toMatchObject({ problems, message: 'Missing.\nBlank.' });
  });

  test('keeps the members of an aggregate', () => {
    const error = cross(new AggregateError([new DataError('a'), new Error('b')], 'both failed'));
    expect(error).toBeInstanceOf(AggregateError);
    expect((error as AggregateError).errors.map((e: Error) => e.message)).toEqual(['a', 'b']);
    expect(DataError.isInstance((error as AggregateError).errors[0])).toBe(true);
  });

  test.each([
    ['a string', 'just text', 'just text'],
    ['nothing', undefined, 'Thrown value that is no error: undefined'],
    ['an object', { a: 1 }, 'Thrown value that is no error: {"a":1}'],
  ])('may be %s', (_, thrown, message) => {
    expect(cross(thrown).message).toBe(message);
  });

  test('stays bounded when its causes form a ring or its text is huge', () => {
    const error = new Error('x'.repeat(1_000_000));
    error.cause = error;
    expect(JSON.stringify(errorToWire(error)).length).toBeLessThan(3 * 64 * 1024);
    const members = Array.from({ length: 10 }, () => new Error('member'));
    const ring = new AggregateError(members, 'ring');
    for (const member of members) member.cause = ring;
    expect(JSON.stringify(errorToWire(ring)).length).toBeLessThan(20_000);
  });

  test('may answer badly when it is asked', () => {
    const hostile = {
      name: Object.create(null),
      message: 'x',
      get cause(): never {
        throw new Error('no');
      },
    };
    expect(errorToWire(hostile)).toEqual({ name: 'Error', message: 'x' });
    const { proxy, revoke } = Proxy.revocable(new Error('gone'), {});
    revoke();
    expect(errorToWire(proxy).message).toMatch(/cannot be printed/);
  });
});

describe('isInstance', () => {
  test('tells the kinds apart', () => {
    const error = new DataError('x');
    expect([DataError, MillraceError].every((type) => type.isInstance(error))).toBe(true);
    expect([RetriableError, ConfigError, TimeoutError].some((type) => type.isInstance(error))).toBe(false);
  });

  test('knows a subclass of a connector as its kind', () => {
    class ThrottledError extends RetriableError {}
    expect(RetriableError.isInstance(new ThrottledError('slow down'))).toBe(true);
  });

  test.each([null, undefined, 'RetriableError', {}, new Error('x')])('refuses %s', (value) => {
    expect(MillraceError.isInstance(value)).toBe(false);
  });
});
