import { afterAll, expect, test } from 'vitest';
import { describeService } from '../src/index.ts';
import { consumeLines, produceLines } from './support.ts';

describeService('kafka3', (kafka) => {
  afterAll(() => kafka.stop());

  test('accepts records while one node is dead, and has them when the node is back', async () => {
    const { KAFKA_CLASSPATH, KAFKA_BOOTSTRAP } = kafka.env;
    expect(KAFKA_BOOTSTRAP.split(',')).toHaveLength(3);
    await kafka.kill9('node2');
    await produceLines(KAFKA_CLASSPATH, KAFKA_BOOTSTRAP, 'letters', ['a', 'b']);
    await kafka.restart('node2');
    const [, second = ''] = KAFKA_BOOTSTRAP.split(',');
    expect(await consumeLines(KAFKA_CLASSPATH, second, 'letters', 2)).toEqual(['a', 'b']);
  });

  test('names its processes when asked for one it does not have', async () => {
    await expect(kafka.kill9('node4')).rejects.toThrow('kafka3 has no process node4; it has: node1, node2, node3');
  });
});
