import { once } from 'node:events';
import { connect } from 'node:net';
import { apis, apiVersions, encodeRequest, errorCode, fetch, produce } from '@millrace/protocol';
import { expect, test } from 'vitest';
import { handlers } from '../src/handlers/handlers.ts';
import { batchOf, valuesIn } from './support/batches.ts';
import { RawClient } from './support/raw-client.ts';
import { testBroker, testClient } from './support/test-broker.ts';

/** The same numbers in every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const framed = (body: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
};

test('ten thousand damaged requests do no harm to the log', async () => {
  const broker = await testBroker({ autoCreateTopics: false });
  const client = await testClient(broker);
  await client.createTopic('t');
  await client.produce('t', batchOf(['before']));
  const random = randomNumbers(42);
  const templates = [
    ...[...handlers.values()].map(({ api }) => {
      const header = Buffer.alloc(10 + 3);
      header.writeInt16BE(api.key, 0);
      header.writeInt16BE(api.minVersion + random(api.maxVersion - api.minVersion + 1), 2);
      header.writeInt16BE(1, 8);
      return Buffer.concat([header, Buffer.from(Array.from({ length: 60 }, () => random(256)))]);
    }),
    produceRequest(),
    fetchRequest(),
  ];
  let sent = 0;
  while (sent < 10_000) {
    const socket = connect({ host: broker.host, port: broker.port });
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    for (let count = 0; count < 50; count++, sent++) {
      const body = Buffer.from(templates[random(templates.length)]!);
      for (let flips = random(6); flips >= 0; flips--) body[4 + random(body.length - 4)] = random(256);
      socket.write(framed(body.subarray(0, random(4) === 0 ? random(body.length) : body.length)));
    }
    socket.end();
    await Promise.race([closed, once(socket, 'end')]);
    socket.destroy();
  }
  expect(await client.produce('t', batchOf(['after']))).toMatchObject({ errorCode: 0 });
  const values = valuesIn((await client.fetch('t', 0)).records);
  expect(values[0]).toBe('before');
  expect(values.at(-1)).toBe('after');
  expect(values.slice(1, -1).every((value) => value === 'fuzz')).toBe(true);
}, 60_000);

test.each([
  ['a frame that announces more than is allowed', Buffer.from([0x7f, 0xff, 0xff, 0xff])],
  ['a negative length', Buffer.from([0xff, 0xff, 0xff, 0xff])],
  ['an API that does not exist', framed(Buffer.from([0x7f, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff]))],
  ['a version that is not served', framed(Buffer.from([0, 3, 0x7f, 0, 0, 0, 0, 1, 0xff, 0xff]))],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
])('%s ends that connection and no other', async (_what, bytes) => {
  const lines: string[] = [];
  const broker = await testBroker({ log: (line) => lines.push(line) });
  const [good, bad] = [await testClient(broker), await RawClient.connect(broker)];
  bad.send([bytes]);
  await bad.closed();
  expect(lines.at(-1)).toMatch(/^connection of 127\.0\.0\.1:\d+ closed: /);
  expect(await good.createTopic('t')).toBe(0);
});

test('a client that asks with a version of ApiVersions from the future learns which ones there are', async () => {
  const broker = await testBroker();
  const client = await testClient(broker);
  const answer = new Promise<Buffer>((resolve) => {
    client.raw.socket.removeAllListeners('data');
    client.raw.socket.once('data', resolve);
  });
  client.raw.send([framed(Buffer.from([0, 18, 0, 99, 0, 0, 0, 7, 0xff, 0xff]))]);
  const bytes = await answer;
  expect(bytes.readInt32BE(4)).toBe(7);
  expect(bytes.readInt16BE(8)).toBe(errorCode.UNSUPPORTED_VERSION);
});

test('exactly what is served is advertised', async () => {
  const client = await testClient(await testBroker());
  const { apiKeys, finalizedFeatures } = await client.raw.call(apiVersions, 4, {
    clientSoftwareName: 'test',
    clientSoftwareVersion: '1',
  });
  expect(new Set(apiKeys.map(({ apiKey }) => apiKey))).toEqual(new Set(handlers.keys()));
  for (const { apiKey, minVersion, maxVersion } of apiKeys) {
    const api = apis.find(({ key }) => key === apiKey)!;
    expect([minVersion, maxVersion]).toEqual([api.minVersion, api.maxVersion]);
  }
  expect(finalizedFeatures).toEqual([{ name: 'transaction.version', maxVersionLevel: 2, minVersionLevel: 2 }]);
});

test('requests of one connection are answered in their order, also behind one that waits', async () => {
  const broker = await testBroker();
  const client = await testClient(broker);
  await client.createTopic('t');
  const order: string[] = [];
  const waiting = client.fetch('t', 0, { maxWaitMs: 100 }).then(() => order.push('fetch'));
  const behind = client.createTopic('u').then(() => order.push('create'));
  await Promise.all([waiting, behind]);
  expect(order).toEqual(['fetch', 'create']);
});

test('a client that does not take its responses is not read any further', async () => {
  const broker = await testBroker();
  const client = await testClient(broker);
  await client.createTopic('t', { 'max.message.bytes': '10000000' });
  await client.produce('t', batchOf(['x'.repeat(4_000_000)]));
  const deaf = connect({ host: broker.host, port: broker.port });
  deaf.on('error', () => undefined);
  deaf.pause();
  await once(deaf, 'connect');
  const before = process.memoryUsage.rss();
  for (let count = 0; count < 200; count++) deaf.write(framed(fetchRequest(5_000_000)));
  expect(await client.createTopic('u')).toBe(0);
  expect(process.memoryUsage.rss() - before).toBeLessThan(200_000_000);
  deaf.destroy();
});

function body(pieces: readonly Uint8Array[]): Buffer {
  return Buffer.concat(pieces).subarray(4);
}

function produceRequest(): Buffer {
  const request = {
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name: 't', partitionData: [{ index: 0, records: batchOf(['fuzz']) }] }],
  };
  return body(encodeRequest(produce, 9, { correlationId: 1, clientId: 'fuzz' }, request));
}

function fetchRequest(partitionMaxBytes = 1000): Buffer {
  const request = {
    maxWaitMs: 0,
    minBytes: 1,
    topics: [{ topic: 't', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes }] }],
  };
  return body(encodeRequest(fetch, 11, { correlationId: 1, clientId: 'fuzz' }, request));
}
