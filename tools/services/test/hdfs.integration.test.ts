import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, expect, test } from 'vitest';
import { describeService, service } from '../src/index.ts';
import { expectLoopbackOnly, portOf } from './support.ts';

async function write(url: string, path: string, content: string): Promise<void> {
  const nameNode = await fetch(`${url}${path}?op=CREATE&overwrite=true`, { method: 'PUT', redirect: 'manual' });
  expect(nameNode.status).toBe(307);
  // The DataNode says "100 Continue" without being asked, which `fetch` takes for a bad response.
  const headers = { 'Content-Type': 'application/octet-stream' };
  const dataNode = request(nameNode.headers.get('location')!, { method: 'PUT', headers }).end(content);
  const [response] = (await once(dataNode, 'response')) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(201);
}

const read = async (url: string, path: string): Promise<string> => (await fetch(`${url}${path}?op=OPEN`)).text();

describeService('hdfs', (hdfs) => {
  afterAll(() => hdfs.stop());

  test('keeps a closed file over SIGKILL and restart', async () => {
    await write(hdfs.address, '/letters/a', 'hello');
    await expectLoopbackOnly(portOf(hdfs.address));
    await hdfs.kill9();
    await hdfs.restart();
    expect(await read(hdfs.address, '/letters/a')).toBe('hello');
  });

  test('runs as one JVM per node when told so, and loses nothing with a DataNode', async () => {
    await hdfs.stop();
    const options = { one_jvm: '0', datanodes: '2' };
    const nodes = await service('hdfs', { fresh: true, options });
    try {
      await write(nodes.address, '/letters/b', 'hello');
      await nodes.kill9('datanode0');
      await nodes.restart('datanode0');
      expect(await read(nodes.address, '/letters/b')).toBe('hello');
    } finally {
      await nodes.stop();
    }
  });
});
