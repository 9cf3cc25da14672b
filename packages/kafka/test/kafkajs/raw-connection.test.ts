import { createRequire } from 'node:module';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { openRawConnection, type RawConnectionOptions } from '../../src/kafkajs/raw-connection.ts';

const require = createRequire(import.meta.url);
const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function options(port: number, more: Partial<RawConnectionOptions> = {}): RawConnectionOptions {
  return {
    host: '127.0.0.1',
    port,
    clientId: 'test',
    tls: undefined,
    sasl: undefined,
    connectTimeoutMs: 2000,
    log: () => undefined,
    onData: () => undefined,
    onClose: () => undefined,
    ...more,
  };
}

describe('the part of kafkajs that is used', () => {
  test('is there, in the pinned version', () => {
    expect((require('kafkajs/package.json') as { version: string }).version).toBe('2.2.4');
    const Connection = require('kafkajs/src/network/connection.js') as { prototype: Record<string, unknown> };
    for (const method of [
      'connect',
      'authenticate',
      'setVersions',
      'setSupportAuthenticationProtocol',
      'processData',
    ]) {
      expect({ method, is: typeof Connection.prototype[method] }).toEqual({ method, is: 'function' });
    }
    const RequestQueue = require('kafkajs/src/network/requestQueue/index.js') as { prototype: Record<string, unknown> };
    expect(RequestQueue.prototype['scheduleCheckPendingRequests']).toBeTypeOf('function');
  });
});

describe('a raw connection', () => {
  test('carries bytes both ways, and is ended twice without harm', async () => {
    const port = await listen((socket) => socket.pipe(socket));
    const { promise, resolve } = Promise.withResolvers<Buffer>();
    const connection = await openRawConnection(options(port, { onData: resolve }));
    connection.write([Buffer.from('he'), Buffer.from('llo')]);
    expect((await promise).toString()).toBe('hello');
    connection.destroy();
    connection.destroy();
  });

  test('says once that it is gone, whoever ended it', async () => {
    const port = await listen((socket) => setImmediate(() => socket.destroy()));
    const errors: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    await openRawConnection(
      options(port, {
        onClose: (error) => {
          errors.push(error.code);
          resolve();
        },
      }),
    );
    await promise;
    expect(errors).toEqual(['NETWORK_EXCEPTION']);
  });

  test('is refused with a retriable error where nobody listens', async () => {
    await expect(openRawConnection(options(1))).rejects.toMatchObject({ code: 'NETWORK_EXCEPTION', retriable: true });
  });

  test('does not wait for ever when the peer hangs up during the TLS handshake, or says nothing', async () => {
    const hangsUp = await listen((socket) => socket.end());
    await expect(openRawConnection(options(hangsUp, { tls: {} }))).rejects.toMatchObject({ code: 'NETWORK_EXCEPTION' });
    const silent = await listen(() => undefined);
    await expect(openRawConnection(options(silent, { tls: {}, connectTimeoutMs: 200 }))).rejects.toMatchObject({
      code: 'NETWORK_EXCEPTION',
      message: expect.stringContaining('timeout') as string,
    });
  });
});
