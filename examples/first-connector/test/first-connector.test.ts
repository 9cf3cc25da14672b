import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configInfosJson } from '@millrace/api';
import { expect, test } from 'vitest';
import { thermometer } from '../src/thermometer.ts';

test('goes on where it stopped', () => {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  const output = execFileSync(process.execPath, ['--conditions=@millrace/source', main], { encoding: 'utf8' });
  const numbers = [...output.matchAll(/temperatures {2}(\{.*\})/g)].map(([, json = '']) => JSON.parse(json).number);
  expect(numbers).toEqual([1, 2, 3, 4, 5]);
});

test('is a connector in under 50 lines', () => {
  const source = readFileSync(new URL('../src/thermometer.ts', import.meta.url), 'utf8');
  expect(source.trimEnd().split('\n').length).toBeLessThan(50);
});

test('names every problem of a configuration at once', () => {
  const answer = configInfosJson(thermometer.name, thermometer.config, { 'pause.ms': '0' });
  const errors = Object.fromEntries(answer.configs.map(({ value }) => [value.name, value.errors]));
  expect(errors).toMatchObject({
    topic: ['Missing required configuration "topic" which has no default value.'],
    'pause.ms': ['Invalid value 0 for configuration pause.ms: Value must be at least 1'],
    room: [],
  });
});
