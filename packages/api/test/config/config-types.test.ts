import { expectTypeOf, it } from 'vitest';
import {
  aliased,
  boolean,
  bytes,
  type ConfigKeys,
  type ConfigOf,
  custom,
  duration,
  int,
  list,
  long,
  oneOf,
  password,
  prefixed,
  regex,
  type Secret,
  type StandardSchemaV1,
  string,
} from '../../src/index.ts';

const doc = '';
const lazily = <V>(): StandardSchemaV1<string, V> => ({
  '~standard': { version: 1, vendor: 'test', validate: () => ({ issues: [] }) },
});

/** As `defineSource` does. */
function define<const K extends ConfigKeys>(keys: K, open: (config: ConfigOf<K>) => void): K {
  void open;
  return keys;
}

it('the types of values follow from the keys alone', () => {
  define(
    {
      file: string('file', { doc, default: null }),
      topic: string('topic', { doc }),
      label: string('label', { doc, default: 'x' }),
      size: int('size', { doc, default: 1, min: 1 }),
      limit: int('limit', { doc, default: null }),
      offset: long('offset', { doc }),
      huge: long('huge', { doc, big: true }),
      hugeOrNot: long('huge.or.not', { doc, big: true, default: null }),
      on: boolean('on', { doc, default: false }),
      items: list('items', { doc }),
      itemsOrNot: list('items.or.not', { doc, default: null }),
      mode: oneOf('mode', ['insert', 'upsert'], { doc, default: 'insert' }),
      modeOrNot: oneOf('mode.or.not', ['insert', 'upsert'], { doc, default: null }),
      pass: password('pass', { doc }),
      passOrNot: password('pass.or.not', { doc, default: null }),
      pattern: regex('pattern', { doc, compile: (text) => new RegExp(text) }),
      patternOrNot: regex('pattern.or.not', { doc, compile: (text) => new RegExp(text), default: null }),
      patternText: regex('pattern.text', { doc }),
      wait: duration('wait', { doc, default: 5 }),
      buffer: bytes('buffer', { doc, default: null }),
      address: custom('address', { doc, schema: lazily<{ readonly port: number }>() }),
      addressOrNot: custom('address.or.not', { doc, schema: lazily<number>(), default: null }),
      filters: aliased('filters', {
        doc,
        keys: { type: string('type', { doc }), limit: int('limit', { doc, default: null }) },
      }),
      steps: aliased('steps', { doc, keys: (alias) => ({ type: string('type', { doc: alias }) }) }),
      headers: prefixed('header.', { doc }),
    },
    (config) => {
      expectTypeOf(config).toEqualTypeOf<{
        readonly file: string | null;
        readonly topic: string;
        readonly label: string;
        readonly size: number;
        readonly limit: number | null;
        readonly offset: number;
        readonly huge: bigint;
        readonly hugeOrNot: bigint | null;
        readonly on: boolean;
        readonly items: readonly string[];
        readonly itemsOrNot: readonly string[] | null;
        readonly mode: 'insert' | 'upsert';
        readonly modeOrNot: 'insert' | 'upsert' | null;
        readonly pass: Secret;
        readonly passOrNot: Secret | null;
        readonly pattern: RegExp;
        readonly patternOrNot: RegExp | null;
        readonly patternText: string;
        readonly wait: number;
        readonly buffer: number | null;
        readonly address: { readonly port: number };
        readonly addressOrNot: number | null;
        readonly filters: ReadonlyMap<string, { readonly type: string; readonly limit: number | null }>;
        readonly steps: ReadonlyMap<string, { readonly type: string }>;
        readonly headers: ReadonlyMap<string, string>;
      }>();
    },
  );
});

it('checks get the value without null, and a default must fit', () => {
  string('a', {
    doc,
    default: null,
    validate: (value) => {
      expectTypeOf(value).toEqualTypeOf<string>();
      return undefined;
    },
  });
  custom('b', {
    doc,
    schema: lazily<number>(),
    validate: (value) => {
      expectTypeOf(value).toEqualTypeOf<number>();
      return undefined;
    },
  });
  // @ts-expect-error the default is none of the values
  oneOf('c', ['x', 'y'], { doc, default: 'z' });
  // @ts-expect-error a number is no text
  string('d', { doc, default: 5 });
  // @ts-expect-error every key says what it is for
  string('e', {});
});
