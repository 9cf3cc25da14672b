import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { describeService, service } from '../src/index.ts';
import { eventually, expectLoopbackOnly, portOf, temporaryDirectory } from './support.ts';

describeService('java-connect', (connect) => {
  afterAll(async () => {
    await (await service('kafka')).stop();
  });

  const createConnector = async (url: string, name: string, config: Record<string, string>): Promise<void> => {
    const body = JSON.stringify({ name, config: { ...CONVERTERS, ...config } });
    const response = await fetch(`${url}/connectors`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    expect(await response.json()).toMatchObject({ name });
  };

  test('works against the shared kafka, and moves lines from one file to another through a topic', async () => {
    expect(connect.env.CONNECT_KAFKA_BOOTSTRAP).toBe((await service('kafka')).address);
    const directory = await temporaryDirectory();
    const [from, to] = [join(directory, 'from'), join(directory, 'to')];
    await writeFile(from, 'a\nb\n');
    await createConnector(connect.address, 'source', {
      'connector.class': 'FileStreamSource',
      file: from,
      topic: 'lines',
    });
    await createConnector(connect.address, 'sink', { 'connector.class': 'FileStreamSink', file: to, topics: 'lines' });
    await eventually(async () => expect(await readFile(to, 'utf8')).toBe('a\nb\n'), 60_000);
    await expectLoopbackOnly(portOf(connect.address));
  });

  test('runs standalone, too', async () => {
    const standalone = await service('java-connect', { fresh: true, options: { mode: 'standalone' } });
    try {
      expect(standalone.env.CONNECT_MODE).toBe('standalone');
      const plugins = (await (await fetch(`${standalone.address}/connector-plugins`)).json()) as { class: string }[];
      expect(plugins.map((plugin) => plugin.class)).toContain(
        'org.apache.kafka.connect.file.FileStreamSourceConnector',
      );
    } finally {
      await standalone.stop();
    }
  });
});

const CONVERTERS = {
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'consumer.override.auto.offset.reset': 'earliest',
};
