import { expect, test } from 'vitest';
import { NameTemplate } from '../../src/index.ts';

const file = { topic: 'a.b', partition: 3, first: 7, last: 12, timestamp: Date.UTC(2026, 0, 2, 23) };

test('prints names, and reads the offsets back', () => {
  const template = new NameTemplate('{topic}+{partition}+{first:6}+{last:6}');
  expect(template.format(file)).toBe('a.b+3+000007+000012');
  const parse = template.parser('a.b', 3, '.csv.gz');
  expect(parse('a.b+3+000007+000012.csv.gz')).toEqual({ first: 7, last: 12 });
  for (const other of ['aXb+3+000007+000012.csv.gz', 'a.b+33+000007+000012.csv.gz', 'a.b+3+000007+000012.csv', 'x']) {
    expect(parse(other)).toBeUndefined();
  }
});

test('prints the timestamp of the first record in the time zone', () => {
  const template = new NameTemplate('{timestamp:yyyyMMdd}_{topic}_{partition}_{first}-{last}', {
    timeZone: 'Europe/Berlin',
  });
  expect(template.format(file)).toBe('20260103_a.b_3_7-12');
  expect(template.parser('a.b', 3, '')('20260103_a.b_3_7-12')).toEqual({ first: 7, last: 12 });
});

test.each([
  ['{topic}-{partition}-{first}', '{last} must stand in it once'],
  ['{topic}-{partition}-{first}{last}', 'there must be a character between {first} and {last}'],
  ['{topic}+{partition}+{first}0{last}', 'no digit behind {first}'],
  ['{topic}+{partition}+{first}-0{last}', 'no digit in front of {last}'],
  ['{topic}/{partition}-{first}-{last}', 'slashes'],
  ['{topic}-{partition}-{first}-{last}-{uuid}', 'there is no placeholder {uuid}'],
  ['{topic}-{partition}-{first:99}-{last}', '{first:99} must be {first}'],
])('refuses %s', (template, problem) => {
  expect(() => new NameTemplate(template)).toThrow(problem);
});
