import { afterAll, expect, test } from 'vitest';
import { signedS3Fetch } from '../src/aws-signature.ts';
import { describeService } from '../src/index.ts';
import { expectLoopbackOnly, portOf } from './support.ts';

describeService('s3', (s3) => {
  afterAll(() => s3.stop());

  const send = (method: string, path: string, body: string | null = null, secretKey: string = s3.env.S3_SECRET_KEY) => {
    const { S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY, S3_REGION } = s3.env;
    const credentials = { accessKey: S3_ACCESS_KEY, secretKey, region: S3_REGION };
    return signedS3Fetch(`${S3_ENDPOINT}/${S3_BUCKET}${path}`, { method, body }, credentials);
  };

  test('keeps an object over SIGKILL and restart', async () => {
    expect((await send('PUT', '/letters/a', 'hello')).status).toBe(200);
    await s3.kill9();
    await s3.restart();
    expect(await (await send('GET', '/letters/a')).text()).toBe('hello');
    expect(await (await send('GET', '?list-type=2&prefix=letters')).text()).toContain('<Key>letters/a</Key>');
    await expectLoopbackOnly(portOf(s3.address));
  });

  test('refuses a wrong key', async () => {
    expect((await send('GET', '/letters/a', null, 'wrong')).status).toBe(403);
  });
});
