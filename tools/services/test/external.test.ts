import { afterEach, expect, test, vi } from 'vitest';
import { service } from '../src/index.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('a service that somebody else runs is used and not steered', async () => {
  vi.stubEnv('MILLRACE_TEST_KAFKA_SECURE', 'broker.example:9092');
  const kafka = await service('kafka-secure');
  expect(kafka.address).toBe('broker.example:9092');
  expect(kafka.env.KAFKA_BOOTSTRAP).toBe('broker.example:9092');
  await expect(kafka.kill9()).rejects.toThrow('kafka-secure was given by MILLRACE_TEST_KAFKA_SECURE');
  await kafka.stop();
});

test('what its address does not tell comes from the environment', async () => {
  vi.stubEnv('MILLRACE_TEST_S3', 'http://store.example');
  vi.stubEnv('S3_SECRET_KEY', 'hidden');
  const s3 = await service('s3');
  expect(s3.env).toMatchObject({ S3_ENDPOINT: 'http://store.example', S3_SECRET_KEY: 'hidden' });
});
