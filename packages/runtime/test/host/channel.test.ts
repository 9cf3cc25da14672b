import { MessageChannel } from 'node:worker_threads';
import { MillraceError, RetriableError, TimeoutError } from '@millrace/api';
import { afterEach, describe, expect, it } from 'vitest';
import { Channel, type Handlers } from '../../src/host/channel.ts';

interface Asked {
  echo(params: unknown): unknown;
  fail(params: string): null;
  wait(params: null): null;
}

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function connect(): {
  near: Channel<Asked, object>;
  far: Channel<object, Asked>;
  aborts: unknown[];
  noticed: unknown[];
} {
  const { port1, port2 } = new MessageChannel();
  const aborts: unknown[] = [];
  const noticed: unknown[] = [];
  const handlers: Handlers<Asked> = {
    echo: (params) => {
      noticed.push(params);
      return params;
    },
    fail: (message) => {
      throw new RetriableError(message, { code: 'X', cause: new TypeError('inner') });
    },
    wait: (_, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => aborts.push(signal.reason));
      }),
  };
  const near = new Channel<Asked, object>(port1, {});
  const far = new Channel<object, Asked>(port2, handlers);
  closers.push(() => port1.close());
  return { near, far, aborts, noticed };
}

const options = { milliseconds: 5000, waitingFor: 'an answer' };

describe('a channel', () => {
  it.each([
    ['objects', { offsets: [{ position: 2n ** 63n, file: null }, null], bytes: new Uint8Array([1]) }],
    ['null', null],
    ['a text', 'text'],
  ])('brings %s as it is', async (_, value) => {
    const { near } = connect();
    expect(await near.request('echo', value, options)).toEqual(value);
  });

  it('brings errors with kind, code and cause', async () => {
    const error: unknown = await connect()
      .near.request('fail', 'oh', options)
      .catch((caught) => caught);
    expect(RetriableError.isInstance(error) && [error.message, error.code, (error.cause as Error).name]).toEqual([
      'oh',
      'X',
      'TypeError',
    ]);
  });

  it('ends a request at its deadline, and tells the other side', async () => {
    const { near, aborts } = connect();
    const error: unknown = await near.request('wait', null, { ...options, milliseconds: 20 }).catch((caught) => caught);
    expect(TimeoutError.isInstance(error)).toBe(true);
    await near.request('echo', null, options);
    expect(aborts).toMatchObject([{ code: 'CANCELLED' }]);
  });

  it('takes a time that is longer than any timer', async () => {
    const { near } = connect();
    expect(await near.request('echo', 1, { ...options, milliseconds: Number.MAX_SAFE_INTEGER })).toBe(1);
  });

  it('tells without waiting for an answer', async () => {
    const { near, noticed } = connect();
    near.notify('fail', 'nobody hears');
    near.notify('echo', 1);
    await near.request('echo', 2, options);
    expect(noticed).toEqual([1, 2]);
  });

  it('says so when the other side has no such call', async () => {
    const near = connect().near as unknown as Channel<{ toString(params: null): null }, object>;
    await expect(near.request('toString', null, options)).rejects.toThrow('There is no call toString.');
  });

  it('does not send what is no plain data', async () => {
    await expect(connect().near.request('echo', () => 1, options)).rejects.toThrow(/could not be cloned/);
  });

  it('ends everything when it is closed', async () => {
    const { near, far, aborts } = connect();
    const waiting = near.request('wait', null, options);
    await near.request('echo', null, options);
    far.close(new MillraceError('far is gone'));
    expect(aborts).toMatchObject([{ message: 'far is gone' }]);
    near.close(new MillraceError('near is gone'));
    near.close(new MillraceError('twice'));
    await expect(waiting).rejects.toThrow('near is gone');
    await expect(near.request('echo', 1, options)).rejects.toThrow('near is gone');
    near.notify('echo', 1);
  });

  it('refuses more requests than can be under way', async () => {
    const { near } = connect();
    const many = Array.from({ length: 10_000 }, () => near.request('wait', null, options).catch(() => undefined));
    await expect(near.request('echo', 1, options)).rejects.toMatchObject({ code: 'TOO_MANY_CALLS' });
    near.close(new Error('enough'));
    await Promise.all(many);
  });
});
