import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool } from './tool.ts';

/** All tests. Unit tests first and alone: two cores do not carry them beside the services. */
export async function test(args: readonly string[]): Promise<number> {
  return run(['unit', 'integration'], args);
}

export async function testUnit(args: readonly string[]): Promise<number> {
  return run(['unit'], args);
}

export async function testIntegration(args: readonly string[]): Promise<number> {
  return run(['integration'], args);
}

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

async function run(projects: readonly string[], args: readonly string[]): Promise<number> {
  const reports = await mkdtemp(join(tmpdir(), 'millrace-test-'));
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  let code = 0;
  try {
    for (const project of projects) {
      const report = join(reports, `${project}.json`);
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      const allowNone = projects.length > 1 && args.length > 0 ? ['--passWithNoTests'] : [];
      const result = await runTool('vitest', ['run', '--project', project, ...reporters, ...allowNone, ...args]);
      await add(total, report);
      code ||= result.code;
      if (result.code >= 128) break;
    }
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
  // What fails outside a test (a crash, a file that cannot be loaded) counts as one failure.
  if (code !== 0 && total.failed === 0) total.failed = 1;
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
  return code;
}

async function add(total: Counts, report: string): Promise<void> {
  const text = await readFile(report, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const counts = JSON.parse(text) as Record<
    'numPassedTests' | 'numFailedTests' | 'numPendingTests' | 'numTodoTests',
    number
  >;
  total.passed += counts.numPassedTests;
  total.failed += counts.numFailedTests;
  total.skipped += counts.numPendingTests + counts.numTodoTests;
}
