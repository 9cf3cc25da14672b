import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, listOffsets, metadata, offsetCommit, saslAuthenticate, saslHandshake } from '@millrace/protocol';
import { describe, expect, test } from 'vitest';
import { startBroker } from '../src/index.ts';
import { diskStorage, type Storage } from '../src/log/storage.ts';
import { batchOf, valuesIn } from './support/batches.ts';
import { temporaryDirectory, testBroker, testClient } from './support/test-broker.ts';

describe('a broker', () => {
  test('starts in a moment, listens on loopback only and leaves nothing behind', async () => {
    const started = performance.now();
    const broker = await startBroker();
    expect(performance.now() - started).toBeLessThan(500);
    expect(broker).toMatchObject({ host: '127.0.0.1', bootstrap: `127.0.0.1:${broker.port}` });
    expect(existsSync(broker.data)).toBe(true);
    await Promise.all([broker.close(), broker.close()]);
    await broker.close();
    expect(existsSync(broker.data)).toBe(false);
  });

  test('keeps records on the disk itself where it is told to', async () => {
    const data = temporaryDirectory();
    const synced: number[] = [];
    const sync = (file: number): void => {
      diskStorage.sync(file);
      synced.push(file);
    };
    const storage = { ...diskStorage, sync };
    const client = await testClient(await testBroker({ data, fsync: true, storage }));
    await client.createTopic('t', { 'segment.bytes': '1024' });
    for (let index = 0; index < 10; index++) {
      const before = synced.length;
      expect(await client.produce('t', batchOf(['x'.repeat(300)]))).toMatchObject({ errorCode: 0, baseOffset: index });
      expect(synced.length).toBeGreaterThan(before);
    }
  });

  test('tells clients the address that they came to, where it listens on all', async () => {
    const broker = await testBroker({ host: '0.0.0.0' });
    const client = await testClient({ host: '127.0.0.1', port: broker.port });
    const { brokers } = await client.raw.call(metadata, 9, { topics: [] });
    expect(brokers).toMatchObject([{ host: '127.0.0.1', port: broker.port }]);
  });

  test('refuses a port that is in use, and lets go of the data again', async () => {
    const data = temporaryDirectory();
    const { port } = await testBroker();
    await expect(startBroker({ data, port })).rejects.toMatchObject({
      code: 'ADDRESS_UNAVAILABLE',
      message: `cannot listen on 127.0.0.1:${port}: the port is in use`,
    });
    await testBroker({ data });
  });

  test('refuses a data directory that another broker uses', async () => {
    const data = temporaryDirectory();
    await testBroker({ data });
    await expect(startBroker({ data })).rejects.toMatchObject({ code: 'DATA_IN_USE' });
    const other = temporaryDirectory();
    const boot = process.platform === 'linux' ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() : '';
    const ticks =
      boot === ''
        ? ''
        : readFileSync('/proc/1/stat', 'utf8')
            .replace(/^.*\) /s, '')
            .split(' ')[19];
    writeFileSync(join(other, 'broker.lock'), JSON.stringify({ pid: 1, began: boot === '' ? '' : `${boot}/${ticks}` }));
    await expect(startBroker({ data: other })).rejects.toMatchObject({
      code: 'DATA_IN_USE',
      message: `the data directory ${other} is in use by a broker with process id 1`,
    });
  });

  test.each([
    ['whose process is gone', JSON.stringify({ pid: 0x7fff_fff0, began: '' })],
    ['whose process id belongs to another process now', JSON.stringify({ pid: 1, began: 'earlier' })],
    ['that cannot be read', 'half a li'],
  ])('takes over the lock of a broker %s', async (_what, lock) => {
    const data = temporaryDirectory();
    writeFileSync(join(data, 'broker.lock'), lock);
    const broker = await testBroker({ data });
    expect(JSON.parse(readFileSync(join(data, 'broker.lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    await broker.close();
    expect(existsSync(join(data, 'broker.lock'))).toBe(false);
  });

  test('makes topics that are asked for, unless it is told not to', async () => {
    const open = await testClient(await testBroker({ defaultPartitions: 3 }));
    const wanted = { topics: [{ name: 'new' }], allowAutoTopicCreation: true };
    const made = await open.raw.call(metadata, 9, wanted);
    expect(made.topics).toMatchObject([{ errorCode: 0, name: 'new' }]);
    expect(made.topics[0]!.partitions).toHaveLength(3);
    const closed = await testClient(await testBroker({ autoCreateTopics: false }));
    expect((await closed.raw.call(metadata, 9, wanted)).topics[0]!.errorCode).toBe(
      errorCode.UNKNOWN_TOPIC_OR_PARTITION,
    );
  });
});

describe('a full disk', () => {
  const fullable = (): Storage & { isFull: () => boolean; partial: boolean } => ({
    ...diskStorage,
    isFull: () => false,
    partial: false,
    write(file, from, start, length, position) {
      if (!this.isFull()) return diskStorage.write(file, from, start, length, position);
      if (this.partial) {
        this.partial = false;
        return diskStorage.write(file, from, start, Math.min(length, 20), position);
      }
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    },
  });

  test('is answered as a storage error, nothing is acknowledged, and it goes on when there is room again', async () => {
    const data = temporaryDirectory();
    const storage = fullable();
    const broker = await testBroker({ data, storage });
    const client = await testClient(broker);
    await client.createTopic('t');
    await client.produce('t', batchOf(['a'], { producer: { producerId: 1, producerEpoch: 0, baseSequence: 0 } }));
    const second = () => batchOf(['b'], { producer: { producerId: 1, producerEpoch: 0, baseSequence: 1 } });
    storage.isFull = () => true;
    for (const partial of [true, false]) {
      storage.partial = partial;
      expect(await client.produce('t', second())).toMatchObject({
        errorCode: errorCode.KAFKA_STORAGE_ERROR,
        baseOffset: -1,
      });
    }
    const { topics } = await client.raw.call(offsetCommit, 8, {
      groupId: 'g',
      memberId: '',
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: null }] }],
    });
    expect(topics[0]!.partitions[0]!.errorCode).toBe(errorCode.COORDINATOR_NOT_AVAILABLE);
    expect((await client.initialize('tx')).errorCode).toBe(errorCode.COORDINATOR_NOT_AVAILABLE);
    expect(valuesIn((await client.fetch('t', 0)).records)).toEqual(['a']);
    storage.isFull = () => false;
    expect(await client.produce('t', second())).toMatchObject({ errorCode: 0, baseOffset: 1 });
    await broker.close();
    const again = await testClient(await testBroker({ data }));
    expect(valuesIn((await again.fetch('t', 0)).records)).toEqual(['a', 'b']);
  });

  test('at the end of a transaction delays it, and it ends as it was decided', async () => {
    const storage = fullable();
    const client = await testClient(await testBroker({ storage }));
    await client.createTopic('t');
    const producer = { transactionalId: 'tx', ...(await client.initialize('tx')) };
    await client.begin(producer, 't');
    const records = batchOf(['a'], { producer: { ...producer, baseSequence: 0 }, transactional: true });
    await client.produce('t', records, producer);
    let writes = 0;
    // The decision is written, and then there is no room for the marker.
    storage.isFull = () => ++writes > 1;
    expect((await client.end(producer, true)).errorCode).toBe(errorCode.CONCURRENT_TRANSACTIONS);
    expect((await client.initialize('tx')).errorCode).toBe(errorCode.CONCURRENT_TRANSACTIONS);
    expect((await client.offsetAt('t', -1, 1)).offset).toBe(0);
    storage.isFull = () => false;
    expect((await client.initialize('tx')).errorCode).toBe(0);
    const ended = await client.raw.call(listOffsets, 7, {
      replicaId: -1,
      isolationLevel: 1,
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
    });
    expect(ended.topics[0]!.partitions[0]!.offset).toBe(2);
    expect((await client.fetch('t', 0, { committed: true })).abortedTransactions).toEqual([]);
  });
});

describe('SASL/PLAIN', () => {
  const login = (text: string): Uint8Array => Buffer.from(text);

  test('lets in who has the password', async () => {
    const client = await testClient(await testBroker({ saslPlain: { user: 'se:cret' } }));
    expect(await client.raw.call(saslHandshake, 1, { mechanism: 'SCRAM-SHA-256' })).toMatchObject({
      errorCode: errorCode.UNSUPPORTED_SASL_MECHANISM,
      mechanisms: ['PLAIN'],
    });
    expect(await client.raw.call(saslHandshake, 1, { mechanism: 'PLAIN' })).toMatchObject({ errorCode: 0 });
    expect(await client.raw.call(saslAuthenticate, 2, { authBytes: login('\0user\0se:cret') })).toMatchObject({
      errorCode: 0,
    });
    expect(await client.createTopic('t')).toBe(0);
  });

  test.each([
    '\0user\0wrong',
    '\0nobody\0secret',
    'other\0user\0secret',
    '\0user',
    '\0user\0secret\0more',
    '\0nobody\0',
  ])('turns %j away and ends the connection', async (text) => {
    const client = await testClient(await testBroker({ saslPlain: { user: 'secret' } }));
    await client.raw.call(saslHandshake, 1, { mechanism: 'PLAIN' });
    const { errorCode: code } = await client.raw.call(saslAuthenticate, 2, { authBytes: login(text) });
    expect(code).toBe(errorCode.SASL_AUTHENTICATION_FAILED);
    await client.raw.closed();
  });

  test('takes the login of old clients without a request around it', async () => {
    const client = await testClient(await testBroker({ saslPlain: { user: 'secret' } }));
    await client.raw.call(saslHandshake, 0, { mechanism: 'PLAIN' });
    const { socket } = client.raw;
    const listeners = socket.listeners('data');
    socket.removeAllListeners('data');
    const answer = once(socket, 'data');
    const text = Buffer.from('\0user\0secret');
    client.raw.send([Buffer.from([0, 0, 0, text.length]), text]);
    expect(await answer).toEqual([Buffer.alloc(4)]);
    for (const listener of listeners) socket.on('data', listener as (chunk: Buffer) => void);
    expect(await client.createTopic('t')).toBe(0);
  });

  test('answers nothing else before the login', async () => {
    const lines: string[] = [];
    const client = await testClient(
      await testBroker({ saslPlain: { user: 'secret' }, log: (line) => lines.push(line) }),
    );
    await expect(client.createTopic('t')).rejects.toThrow('closed');
    expect(lines.join()).toContain('CreateTopics before the client has logged in');
  });
});
