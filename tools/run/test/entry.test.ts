import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const entry = fileURLToPath(new URL('../entry.js', import.meta.url));

function run(...args: string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, [entry, ...args], { encoding: 'utf8' });
  return { status, stderr };
}

describe('the entry of every script', () => {
  test('ends with code 2 and one line on an old Node, naming the causes', () => {
    const pretend = `Object.defineProperty(process.versions, 'node', { value: '20.20.2' }); await import(${JSON.stringify(entry)})`;
    const result = spawnSync(process.execPath, ['--input-type=module', '--eval', pretend], { encoding: 'utf8' });
    expect(result.status).toBe(2);
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
    expect(result.stderr).toMatch(
      /needs Node 24 .* this is Node 20\.20\.2.*npx -y -p node@24.*ignore-scripts=true.*Alpine/,
    );
  });

  test('is JavaScript that an old Node can parse', () => {
    const source = readFileSync(entry, 'utf8');
    expect(source).not.toMatch(/import\s+[^(]*from|\?\?=|using /);
    execFileSync(process.execPath, ['--check', entry]);
  });

  test('names the commands there are when asked for another', () => {
    const { status, stderr } = run('tset');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Unknown command 'tset'; there are: test, /);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
