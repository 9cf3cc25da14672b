import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  aliased,
  boolean,
  bytes,
  ConfigError,
  type ConfigKeys,
  type ConfigProblem,
  classRef,
  configInfosJson,
  custom,
  double,
  duration,
  int,
  list,
  long,
  oneOf,
  parseConfig,
  password,
  prefixed,
  type RawConfig,
  regex,
  type Secret,
  type StandardSchemaV1,
  short,
  string,
  validateConfig,
} from '../../src/index.ts';

const doc = 'What it is for.';

function problemsOf(keys: ConfigKeys, raw: RawConfig): readonly ConfigProblem[] {
  try {
    parseConfig(keys, raw);
  } catch (error) {
    if (ConfigError.isInstance(error)) return error.problems;
    throw error;
  }
  return [];
}

const messageOf = (keys: ConfigKeys, raw: RawConfig) =>
  problemsOf(keys, raw)
    .map(({ message }) => message)
    .join('\n');

const even: StandardSchemaV1<unknown, number> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => {
      const number = Number(value);
      return number % 2 === 0 ? { value: number } : { issues: [{ message: `${value} is not even`, path: ['port'] }] };
    },
  },
};

describe('parseConfig', () => {
  it('gives typed values by property name, and defaults', () => {
    const keys = {
      text: string('a.text', { doc }),
      count: int('a.count', { doc, default: 5 }),
      small: short('small', { doc, default: 3 }),
      ratio: double('ratio', { doc, default: 0.5 }),
      on: boolean('on', { doc, default: false }),
      items: list('items', { doc, default: ['x', 'y'] }),
      unset: string('unset', { doc, default: null }),
      mode: oneOf('mode', ['insert', 'upsert'], { doc, default: 'insert' }),
      kind: classRef('kind', { doc, default: null, resolve: (name) => ({ Short: 'com.example.Short' })[name] }),
      even: custom('even', { doc, schema: even, default: '8' }),
    };
    expect(parseConfig(keys, { 'a.text': ' hi ', on: ' TRUE', 'a.count': '+07', kind: 'Short' })).toEqual({
      config: {
        text: 'hi',
        count: 7,
        small: 3,
        ratio: 0.5,
        on: true,
        items: ['x', 'y'],
        unset: null,
        mode: 'insert',
        kind: 'com.example.Short',
        even: 8,
      },
      warnings: [],
    });
  });

  it('names every problem at once, by the key as the user wrote it', () => {
    const keys = {
      topic: string('topic', { doc }),
      size: int('batch.size', { doc, default: 1, max: 10 }),
      on: boolean('on', { doc }),
      mode: oneOf('mode', ['a', 'b'], { doc, aliases: ['old.mode'] }),
    };
    expect(problemsOf(keys, { 'batch.size': '11', on: 'yes', 'old.mode': 'c' })).toEqual([
      { key: 'topic', message: 'Missing required configuration "topic" which has no default value.' },
      { key: 'batch.size', message: 'Invalid value 11 for configuration batch.size: Value must be no more than 10' },
      { key: 'on', message: 'Invalid value yes for configuration on: Expected value to be either true or false' },
      { key: 'old.mode', message: 'Invalid value c for configuration old.mode: String must be one of: a, b' },
    ]);
  });

  it('ignores keys that are not defined, and what an object inherits', () => {
    const keys = { odd: string('toString', { doc, default: 'mine' }) };
    expect(parseConfig(keys, { other: '1' }).config).toEqual({ odd: 'mine' });
  });

  it('gives null only to a key that may be unset', () => {
    const keys = { a: string('a', { doc, default: null }), b: string('b', { doc, default: 'x' }) };
    expect(problemsOf(keys, { a: null, b: null })).toEqual([
      { key: 'b', message: 'Null value can not be supplied as the configuration value.' },
    ]);
  });

  it('reads old names with a warning, and prefers the new one', () => {
    const keys = { url: string('url', { doc, aliases: ['uri', 'address'], deprecated: 'use hosts' }) };
    expect(parseConfig(keys, { uri: 'x' })).toEqual({
      config: { url: 'x' },
      warnings: ['uri is the old name of url: use url', 'uri is deprecated: use hosts'],
    });
    expect(parseConfig(keys, { url: 'new', address: 'old' })).toEqual({
      config: { url: 'new' },
      warnings: ['address is ignored, because url is set and means the same', 'url is deprecated: use hosts'],
    });
  });

  it('suggests the key that was meant, and keeps silent about keys that others read', () => {
    const keys = {
      size: int('batch.size', { doc, default: 1 }),
      topic: string('topic', { doc, default: 't' }),
      headers: prefixed('header.', { doc }),
    };
    const raw = { 'batch.szie': '2', topics: 'a', 'header.x': '1', 'producer.override.acks': '1', unrelated: '1' };
    const suggest = { known: ['topics', 'producer.override.'] };
    expect(parseConfig(keys, raw, { suggest }).warnings).toEqual(['Unknown key batch.szie: did you mean batch.size?']);
    expect(parseConfig(keys, raw).warnings).toEqual([]);
  });

  it('refuses a definition that has a name twice', () => {
    const keys = { a: string('x', { doc, default: null }), b: int('x', { doc, default: null }) };
    expect(() => parseConfig(keys, {})).toThrow('The configuration key x is defined twice');
  });

  it('reports what is wrong with a default', () => {
    expect(messageOf({ a: int('a', { doc, default: 0, min: 1 }) }, {})).toBe(
      'Invalid value 0 for configuration a: Value must be at least 1',
    );
  });
});

describe('numbers', () => {
  it.each(['', '1.0', '0x10', '2147483648', '-2147483649', '1_000', '１', 'NaN'])('int refuses %j', (text) => {
    expect(messageOf({ a: int('a', { doc }) }, { a: text })).toBe(
      `Invalid value ${text} for configuration a: Not a number of type INT`,
    );
  });

  it('keep to the range of their type', () => {
    expect(parseConfig({ a: int('a', { doc }) }, { a: '-2147483648' }).config.a).toBe(-2147483648);
    expect(messageOf({ a: short('a', { doc }) }, { a: '32768' })).toContain('Not a number of type SHORT');
    expect(messageOf({ a: long('a', { doc }) }, { a: '9223372036854775808' })).toContain('Not a number of type LONG');
  });

  it('long gives a number only when that is exact, and bigint when asked', () => {
    const key = { a: long('a', { doc }) };
    expect(parseConfig(key, { a: '9007199254740991' }).config.a).toBe(9007199254740991);
    expect(messageOf(key, { a: '9007199254740992' })).toContain('between -9007199254740991 and 9007199254740991');
    const big = { a: long('a', { doc, big: true, default: -1n, min: -1n }) };
    expect(parseConfig(big, {}).config.a).toBe(-1n);
    expect(parseConfig(big, { a: '9223372036854775807' }).config.a).toBe(9223372036854775807n);
    expect(messageOf(big, { a: '-2' })).toContain('Value must be at least -1');
  });

  it.each([
    ['1', '1.0'],
    ['.5', '0.5'],
    ['1e7', '1.0E7'],
    ['1234567.5d', '1234567.5'],
    ['-0.0001', '-1.0E-4'],
    ['NaN', 'NaN'],
    ['-Infinity', '-Infinity'],
    ['-0', '-0.0'],
  ])('double reads %s and prints %s', (text, printed) => {
    expect(validateConfig({ a: double('a', { doc }) }, { a: text })[0]).toMatchObject({ text: printed, errors: [] });
  });

  it('a bound complains about what is no number, as Java does, but not where null is allowed', () => {
    expect(messageOf({ a: int('a', { doc, min: 1 }) }, { a: 'x' })).toBe(
      'Invalid value x for configuration a: Not a number of type INT\nInvalid value null for configuration a: Value must be non-null',
    );
    expect(messageOf({ a: int('a', { doc, min: 1, default: null }) }, { a: 'x' })).toBe(
      'Invalid value x for configuration a: Not a number of type INT',
    );
  });
});

describe('durations and sizes', () => {
  it.each([
    ['30000', 30_000],
    ['-1', -1],
    ['100ms', 100],
    ['30s', 30_000],
    ['5 m', 300_000],
    ['2H', 7_200_000],
    ['1d', 86_400_000],
  ])('duration reads %s as %d', (text, value) => {
    const keys = { a: duration('a', { doc }) };
    expect(validateConfig(keys, { a: text })[0]).toMatchObject({ value, text: String(value), errors: [] });
  });

  it.each([
    ['1048576', 1_048_576],
    ['64MiB', 67_108_864],
    ['1k', 1024],
    ['2G', 2_147_483_648],
    ['10b', 10],
  ])('bytes reads %s as %d', (text, value) => {
    expect(parseConfig({ a: bytes('a', { doc }) }, { a: text }).config.a).toBe(value);
  });

  it('refuse unknown units and what does not fit', () => {
    expect(messageOf({ a: duration('a', { doc }) }, { a: '3 weeks' })).toContain('such as 500ms, 30s, 5m, 2h or 1d');
    expect(messageOf({ a: bytes('a', { doc }) }, { a: '64MB' })).toContain('such as 64k, 64KiB');
    expect(messageOf({ a: bytes('a', { doc, type: 'INT' }) }, { a: '2g' })).toContain('Not a number of type INT');
    expect(messageOf({ a: duration('a', { doc }) }, { a: '9constructor' })).toContain('nor a duration');
    expect(messageOf({ a: duration('a', { doc, max: 1000 }) }, { a: '2s' })).toBe(
      'Invalid value 2000 for configuration a: Value must be no more than 1000',
    );
  });
});

describe('texts and lists', () => {
  it('lists are split at commas, keep empty items, and are empty for blank text', () => {
    const keys = { a: list('a', { doc }) };
    expect(parseConfig(keys, { a: ' x , y,,z ' }).config.a).toEqual(['x', 'y', '', 'z']);
    expect(parseConfig(keys, { a: '  ' }).config.a).toEqual([]);
  });

  it('lists refuse duplicates, empty items and strangers in the words of Java', () => {
    const keys = { a: list('a', { doc, unique: true, nonEmpty: true, values: ['x', 'y'] }) };
    expect(messageOf(keys, { a: 'x,x' })).toBe("Configuration 'a' values must not be duplicated.");
    expect(messageOf(keys, { a: 'x,' })).toBe("Configuration 'a' values must not be empty.");
    expect(messageOf(keys, { a: '' })).toContain("Configuration 'a' must not be empty.");
    expect(messageOf(keys, { a: 'x,z' })).toBe('Invalid value z for configuration a: String must be one of: x, y');
  });

  it('oneOf takes any case when asked, gives the value as defined and prints it as written', () => {
    const keys = { a: oneOf('a', ['requested', 'required'], { doc, ignoreCase: true }) };
    expect(validateConfig(keys, { a: 'Required' })[0]).toMatchObject({ text: 'Required', errors: [] });
    expect(messageOf(keys, { a: 'no' })).toContain('String must be one of (case insensitive): REQUESTED, REQUIRED');
    expect(messageOf({ a: oneOf('a', ['x'], { doc }) }, { a: 'X' })).toContain('String must be one of: x');
    expect(parseConfig(keys, { a: 'Required' }).config.a).toBe('required');
  });

  it('regex gives what the given function makes, and the text without one', () => {
    const keys = {
      a: regex('a', {
        doc,
        compile: (text) => new RegExp(text),
        validate: (r) => (r.source === 'no' ? 'Not no' : undefined),
      }),
      b: regex('b', { doc, default: null }),
    };
    expect(parseConfig(keys, { a: 'x+' }).config).toEqual({ a: /x+/, b: null });
    expect(messageOf(keys, { a: 'no' })).toBe('Invalid value no for configuration a: Not no');
    expect(messageOf(keys, { a: '(' })).toMatch(/^Invalid value \( for configuration a: Invalid regex: /);
  });

  it('classRef says that there is no such class', () => {
    expect(messageOf({ a: classRef('a', { doc, resolve: () => undefined }) }, { a: 'com.example.Nope' })).toBe(
      'Invalid value com.example.Nope for configuration a: Class com.example.Nope could not be found.',
    );
  });

  it('custom prints the issues of its schema and refuses one that is asynchronous', async () => {
    expect(messageOf({ a: custom('a', { doc, schema: even }) }, { a: '3' })).toBe(
      'Invalid value 3 for configuration a: port: 3 is not even',
    );
    const late: StandardSchemaV1 = {
      '~standard': { version: 1, vendor: 'test', validate: () => Promise.reject(new Error('late')) },
    };
    expect(messageOf({ a: custom('a', { doc, schema: late }) }, { a: '3' })).toContain('answer at once');
  });

  it('an own check names what is wrong, also by throwing', () => {
    const keys = {
      a: int('a', { doc, default: null, validate: (n) => (n % 2 === 0 ? undefined : 'Must be even') }),
      b: string('b', {
        doc,
        default: null,
        validate: () => {
          throw new Error('Broken');
        },
      }),
    };
    expect(messageOf(keys, { a: '3', b: 'x' })).toBe(
      'Invalid value 3 for configuration a: Must be even\nInvalid value x for configuration b: Broken',
    );
    expect(messageOf(keys, {})).toBe('');
  });
});

describe('secrets', () => {
  it('a password shows its text only when asked', () => {
    const { secret } = parseConfig({ secret: password('p', { doc }) }, { p: 'hunter2' }).config;
    expect([`${secret}`, JSON.stringify({ secret }), inspect({ secret }), String(Object.values(secret))]).toEqual([
      '[hidden]',
      '{"secret":"[hidden]"}',
      '{ secret: [hidden] }',
      '',
    ]);
    expect(secret.reveal()).toBe('hunter2');
  });

  it('never appear in a message or an answer', () => {
    const text = 'hunter2';
    const keys = {
      a: password('a', { doc, validate: (value: Secret) => `${value.reveal()} is bad` }),
      b: string('b', { doc, secret: true, validate: (value) => `${value} is bad` }),
      c: int('c', { doc, secret: true, min: 1 }),
      d: oneOf('d', ['x'], { doc, secret: true }),
      e: regex('e', {
        doc,
        secret: true,
        compile: (pattern) => {
          throw new Error(pattern);
        },
      }),
      f: custom('f', {
        doc,
        secret: true,
        schema: { '~standard': { version: 1, vendor: 't', validate: (v) => ({ issues: [{ message: `no ${v}` }] }) } },
      }),
      g: list('g', { doc, secret: true, values: ['x'] }),
      h: classRef('h', { doc, secret: true, resolve: () => undefined }),
      i: list('i', { doc, secret: true, validate: () => 'Bad' }),
    };
    const raw = Object.fromEntries(Object.values(keys).map(({ name }) => [name, text]));
    expect(problemsOf(keys, raw).map(({ key }) => key)).toEqual(['a', 'b', 'c', 'c', 'd', 'e', 'f', 'g', 'h', 'i']);
    expect(messageOf(keys, raw)).not.toContain(text);
    expect(JSON.stringify(configInfosJson('x', keys, raw))).not.toContain(text);
  });
});

describe('groups of keys', () => {
  const keys = {
    filters: aliased('filters', {
      doc,
      keys: {
        type: string('type', { doc }),
        limit: int('limit', { doc, default: 1, min: 1 }),
        rest: prefixed('', { doc }),
      },
    }),
    headers: prefixed('header.', { doc }),
  };

  it('aliased keys become a map in the order of the list, with what is left under their prefix', () => {
    const raw = {
      filters: 'b,a',
      'filters.a.type': 'x',
      'filters.b.type': 'y',
      'filters.b.limit': '2',
      'filters.b.other.key': '1',
      'filters.c.type': 'z',
      'header.k': 'v',
      'header.n': null,
    };
    const { config } = parseConfig(keys, raw);
    expect([...config.filters]).toEqual([
      ['b', { type: 'y', limit: 2, rest: new Map([['other.key', '1']]) }],
      ['a', { type: 'x', limit: 1, rest: new Map() }],
    ]);
    expect(config.headers).toEqual(new Map([['k', 'v']]));
    expect(parseConfig(keys, {}).config).toEqual({ filters: new Map(), headers: new Map() });
  });

  it('problems name the whole key; messages of checks the short one, as in Java', () => {
    expect(problemsOf(keys, { filters: 'a', 'filters.a.limit': '0' })).toEqual([
      { key: 'filters.a.type', message: 'Missing required configuration "filters.a.type" which has no default value.' },
      { key: 'filters.a.limit', message: 'Invalid value 0 for configuration limit: Value must be at least 1' },
    ]);
  });

  it('the keys of an alias may depend on what is set for it', () => {
    const dependent = {
      steps: aliased('steps', {
        doc,
        prefix: 'step.',
        aliases: ['old.steps'],
        keys: (alias, raw): ConfigKeys => ({
          type: string('type', { doc }),
          ...(raw['type'] === 'limit' && { limit: int('limit', { doc, displayName: `Limit of ${alias}` }) }),
        }),
      }),
    };
    const raw = { 'old.steps': 'one,two', 'step.one.type': 'limit', 'step.one.limit': '5', 'step.two.type': 'none' };
    expect(parseConfig(dependent, raw)).toEqual({
      config: {
        steps: new Map([
          ['one', { type: 'limit', limit: 5 }],
          ['two', { type: 'none' }],
        ]),
      },
      warnings: ['old.steps is the old name of steps: use steps'],
    });
    expect(validateConfig(dependent, raw).map(({ name }) => name)).toEqual([
      'steps',
      'step.one.limit',
      'step.one.type',
      'step.two.type',
    ]);
  });
});

describe('recommenders', () => {
  it('see the values of the other keys, those of an alias without the prefix', () => {
    const inner = {
      mode: string('mode', { doc }),
      table: string('table', {
        doc,
        default: null,
        recommender: { values: (config) => [`${config['mode']}-table`], visible: (config) => config['mode'] === 'a' },
      }),
    };
    const keys = { ...inner, more: aliased('more', { doc, keys: inner }) };
    const values = validateConfig(keys, { mode: 'a', more: 'x', 'more.x.mode': 'b' });
    expect(values.filter(({ name }) => name.endsWith('table'))).toMatchObject([
      { name: 'table', recommendedValues: ['a-table'], visible: true },
      { name: 'more.x.table', recommendedValues: ['b-table'], visible: false },
    ]);
  });

  it('get secrets that do not print themselves', () => {
    const keys = {
      url: string('url', { doc, secret: true }),
      pass: password('pass', { doc }),
      table: string('table', { doc, default: null, recommender: { values: ({ url, pass }) => [`${url} ${pass}`] } }),
    };
    expect(validateConfig(keys, { url: 'me:hunter2@host', pass: 'hunter2' })[2]?.recommendedValues).toEqual([
      '[hidden] [hidden]',
    ]);
  });

  it('that fail are an error of their key', () => {
    const recommender = {
      values: () => {
        throw new Error('No driver');
      },
    };
    expect(validateConfig({ a: string('a', { doc, default: 'x', recommender }) }, {})).toMatchObject([
      { errors: ['No driver'], visible: true },
    ]);
  });
});
