import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

test('brings a thousand orders to their countries, each of them once', { timeout: 90_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-orders-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const command = ['--conditions=@millrace/source', main, '--once', '--folder', join(folder, 'story')];
  const output = execFileSync(process.execPath, command, { encoding: 'utf8' });
  expect(output).toContain('✓ All 1000 orders are where they belong, each of them once.');
});
