import { afterAll, expect, test } from 'vitest';
import { describeService } from '../src/index.ts';
import { expectLoopbackOnly, portOf } from './support.ts';

describeService('sqs', (sqs) => {
  afterAll(() => sqs.stop());

  const call = async (url: string, parameters: Record<string, string>): Promise<string> =>
    (await fetch(url, { method: 'POST', body: new URLSearchParams(parameters) })).text();

  test('delivers a message', async () => {
    const created = await call(sqs.address, { Action: 'CreateQueue', QueueName: 'letters' });
    const url = /<QueueUrl>(.*?)<\/QueueUrl>/.exec(created)?.[1] ?? '';
    expect(url.startsWith(sqs.address)).toBe(true);
    await call(url, { Action: 'SendMessage', MessageBody: 'hello' });
    expect(await call(url, { Action: 'ReceiveMessage' })).toContain('<Body>hello</Body>');
    await expectLoopbackOnly(portOf(sqs.address));
  });

  test('is empty after a restart', async () => {
    await sqs.kill9();
    await sqs.restart();
    expect(await call(sqs.address, { Action: 'ListQueues' })).not.toContain('<QueueUrl>');
  });
});
