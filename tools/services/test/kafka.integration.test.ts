import { afterAll, expect, test } from 'vitest';
import { describeService } from '../src/index.ts';
import { consumeLines, expectLoopbackOnly, portOf, produceLines } from './support.ts';

describeService('kafka', (kafka) => {
  afterAll(() => kafka.stop());

  test('keeps an acknowledged record over SIGKILL and restart', async () => {
    const { KAFKA_CLASSPATH, KAFKA_BOOTSTRAP } = kafka.env;
    await produceLines(KAFKA_CLASSPATH, KAFKA_BOOTSTRAP, 'letters', ['a', 'b']);
    await expectLoopbackOnly(portOf(kafka.address));
    await kafka.kill9();
    await kafka.restart();
    expect(await consumeLines(KAFKA_CLASSPATH, KAFKA_BOOTSTRAP, 'letters', 2)).toEqual(['a', 'b']);
  });
});
