import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startNestedRun } from './nested-run.ts';

/** Runs tests that need Java where there is none. */
async function runWithoutJava(
  env: Record<string, string>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = startNestedRun('missing-program', { PATH: '/nowhere', JAVA_HOME: '/nowhere', NO_COLOR: '1', ...env });
  const outputs = Promise.all([text(child.stdout!), text(child.stderr!)]);
  const [code] = (await once(child, 'exit')) as [number | null];
  const [stdout, stderr] = await outputs;
  return { code, stdout, stderr };
}

test('a missing program skips the tests of the service and says so once', async () => {
  const { code, stdout, stderr } = await runWithoutJava({});
  expect(stderr.split('\n').filter((line) => line.includes('SKIPPED'))).toEqual([
    expect.stringMatching(
      /^SKIPPED: the tests with sqs \(ElasticMQ.*\): Java was not found; install it with "apt-get install/,
    ),
  ]);
  expect(stdout).toMatch(/Tests\s+1 skipped/);
  expect(code).toBe(0);
});

test('with CI=true a missing program is a failure', async () => {
  const { code, stderr } = await runWithoutJava({ CI: 'true' });
  expect(stderr).toContain('Java was not found');
  expect(code).toBe(1);
});
