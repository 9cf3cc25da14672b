import { describe, expect, it } from 'vitest';
import { type ConfigInfoJson, configDefJson, configInfosJson, regex, string } from '../../src/index.ts';
import { connectorKeys } from './connector-keys.ts';
import { definitions, exchanges, goldenMissing, validation } from './exchanges.ts';
import { fileSourceKeys, keysByLabel } from './plugin-keys.ts';

/** Texts of documentation and lists of what is installed say nothing about the form. */
const inForm = (configs: readonly ConfigInfoJson[]) =>
  configs.map(({ definition, value }) =>
    JSON.stringify({
      definition: { ...definition, documentation: '' },
      value: { ...value, recommended_values: [] },
    }),
  );

const errorsOf = (configs: readonly ConfigInfoJson[]) =>
  configs.filter(({ value }) => value.errors.length > 0).map(({ value }) => [value.name, value.value, value.errors]);

describe('definitions', () => {
  it.each(Object.entries(keysByLabel))('print as in %s, with the fields in order', (label, keys) => {
    expect(JSON.stringify(configDefJson(keys))).toBe(JSON.stringify(definitions(label)));
  });

  it('count the place in a group from 1, and are -1 outside of groups', () => {
    const keys = {
      a: string('a', { doc: '', group: 'G' }),
      b: string('b', { doc: '' }),
      c: string('c', { doc: '', group: 'G' }),
      d: string('d', { doc: '', group: 'G', order: 9 }),
    };
    expect(configDefJson(keys).map(({ order_in_group }) => order_in_group)).toEqual([1, -1, 2, 9]);
  });

  it('leave out internal keys, and show no default of a secret', () => {
    const keys = {
      inner: string('inner', { doc: '', default: 'x', internal: true }),
      url: string('url', { doc: '', default: 'https://me:pass@host', secret: true }),
    };
    expect(configDefJson(keys)).toMatchObject([{ name: 'url', type: 'PASSWORD', default_value: '[hidden]' }]);
  });
});

describe('validation', () => {
  it.each(['validate-bad-tasksmax-str', 'validate-errors-bad'])('gives the errors of %s', (label) => {
    const { raw, answer } = validation(label);
    const infos = configInfosJson('x', { ...connectorKeys, ...fileSourceKeys }, raw);
    expect(errorsOf(infos.configs)).toEqual(errorsOf(answer.configs));
    expect(infos.error_count).toBe(answer.error_count);
  });

  it('adds problems found elsewhere to their keys, and to an entry of its own where there is no key', () => {
    const keys = { file: string('file', { doc: '', aliases: ['path'] }) };
    const problems = [
      { key: 'path', message: 'No such file' },
      { key: 'other', message: 'Not known' },
    ];
    const infos = configInfosJson('x', keys, { path: '/a' }, problems);
    expect(infos.error_count).toBe(2);
    expect(infos.configs.map(({ definition, value }) => [definition?.name, value.name, value.errors])).toEqual([
      [undefined, 'other', ['Not known']],
      ['file', 'file', ['No such file']],
    ]);
  });

  it('shows an internal key only when something is wrong with it', () => {
    const keys = { inner: string('inner', { doc: '', default: 'x', nonEmpty: true, internal: true }) };
    expect(configInfosJson('x', keys, {}).configs).toEqual([]);
    expect(configInfosJson('x', keys, { inner: '' })).toMatchObject({
      error_count: 1,
      configs: [{ value: { name: 'inner' } }],
    });
  });
});

describe.skipIf(goldenMissing !== undefined)(`all recorded exchanges ${goldenMissing ?? ''}`, () => {
  it('are there', () => expect(exchanges.size).toBeGreaterThan(300));

  it('define the keys of the file source and of every source connector in the same form', () => {
    const form = (list: readonly object[]) => list.map((one) => JSON.stringify({ ...one, documentation: '' }));
    const expected = definitions('plugin-config-FileStreamSourceConnector');
    expect(configDefJson(fileSourceKeys).map((one) => JSON.stringify(one))).toEqual(
      expected.slice(0, 3).map((one) => JSON.stringify(one)),
    );
    // The default converters are the worker's, which this exchange does not know.
    const isConverter = ({ name }: { readonly name: string }) => name.includes('.converter');
    expect(form(configDefJson(connectorKeys).filter((one) => !isConverter(one)))).toEqual(
      form(expected.slice(3).filter((one) => !isConverter(one))),
    );
  });

  it.each(['validate-source-ok', 'validate-transforms-ok', 'validate-predicates-ok', 'validate-predicate-unused'])(
    'print every key and the groups as in %s',
    (label) => {
      const { raw, answer } = validation(label);
      const base = configInfosJson('x', connectorKeys, raw);
      const own = configInfosJson('x', fileSourceKeys, raw);
      const configs = [...base.configs, ...own.configs];
      expect(base.groups).toEqual(answer.groups);
      expect(inForm(configs)).toEqual(inForm(answer.configs.slice(0, configs.length)));
      expect(base.error_count + own.error_count).toBe(answer.error_count);
    },
  );

  it.each([
    'validate-class-only',
    'validate-bad-tasksmax',
    'validate-missing-topic',
    'validate-bad-batch',
    'validate-topic-empty',
    'validate-name-empty',
    'validate-transforms-dupe-alias',
    'validate-eos-bad',
    'validate-eos-boundary-bad',
    'validate-config-action-bad',
    'validate-null-value',
    'validate-number-value',
  ])('give the errors of %s', (label) => {
    const { raw, answer } = validation(label);
    const texts = Object.fromEntries(
      Object.entries(raw).map(([key, value]) => [key, value === null ? null : `${value}`]),
    );
    const infos = configInfosJson('x', { ...connectorKeys, ...fileSourceKeys }, texts);
    expect(errorsOf(infos.configs)).toEqual(errorsOf(answer.configs));
    expect(infos.error_count).toBe(answer.error_count);
  });

  it('name the missing keys of a transform, without the accident of a null pattern', () => {
    const { raw, answer } = validation('validate-transforms-missing-required');
    const infos = configInfosJson('x', { ...connectorKeys, ...fileSourceKeys }, raw);
    const withoutAccident = (configs: readonly ConfigInfoJson[]) =>
      errorsOf(configs).map(([name, value, errors]) => [
        name,
        value,
        (errors as string[]).filter((message) => !message.includes('Cannot invoke')),
      ]);
    expect(errorsOf(infos.configs)).toEqual(withoutAccident(answer.configs));
  });

  it('print what the compiler of a pattern says', () => {
    const keys = {
      regex: regex('topics.regex', {
        doc: '',
        default: '',
        compile: (text) => {
          if (text === '(') throw new Error('Unclosed group near index 1\n(');
          return text;
        },
      }),
    };
    const { answer } = validation('validate-sink-bad-regex');
    expect(errorsOf(configInfosJson('x', keys, { 'topics.regex': '(' }).configs)).toEqual(errorsOf(answer.configs));
  });
});
