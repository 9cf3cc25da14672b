import { Decimal, Schema, Values } from '@millrace/api';
import { describe, expect, it } from 'vitest';

const { parseString } = Values;
const untypedArray = Schema.from({ type: 'array' });

describe('numbers', () => {
  it.each([
    ['-128', Schema.int8, -128],
    ['128', Schema.int16, 128],
    ['-32769', Schema.int32, -32769],
    ['2147483648', Schema.int64, 2147483648n],
    ['1e18', Schema.int64, 10n ** 18n],
    ['-9223372036854775808', Schema.int64, -(2n ** 63n)],
    ['9223372036854775808', Schema.decimal(0), new Decimal(2n ** 63n, 0)],
    ['2.50', Schema.float32, 2.5],
    ['1.0', Schema.int8, 1],
    ['1e39', Schema.float64, 1e39],
    ['1e310', Schema.decimal(-310), new Decimal(1n, -310)],
    ['1e2000000000', Schema.decimal(-2000000000), new Decimal(1n, -2000000000)],
    ['1e-2000000000', Schema.float32, 0],
  ])('%s', (text, schema, value) => {
    expect(parseString(text)).toEqual({ schema, value });
  });
});

describe('dates', () => {
  it.each([
    ['2019-08-23', Schema.date, '2019-08-23T00:00:00Z'],
    ['2019-02-30', Schema.date, '2019-03-02T00:00:00Z'],
    ['14:34:54.346Z', Schema.time, '1970-01-01T14:34:54.346Z'],
    ['2019-08-23T14:34:54.346Z', Schema.timestamp, '2019-08-23T14:34:54.346Z'],
    ['2019-08-23T14\\:34\\:54.346Z', Schema.timestamp, '2019-08-23T14:34:54.346Z'],
    // The Julian calendar, as in Java.
    ['1582-10-04', Schema.date, '1582-10-14T00:00:00Z'],
    ['1582-10-15', Schema.date, '1582-10-15T00:00:00Z'],
    ['0001-01-03', Schema.date, '0001-01-01T00:00:00Z'],
  ])('%s', (text, schema, time) => {
    expect(parseString(text)).toEqual({ schema, value: new Date(time) });
  });

  it('are read back as they were written, in any century', () => {
    for (let day = -719_162; day < 2_932_897; day += 997) {
      const midnight = new Date(day * 86_400_000);
      const noon = new Date(day * 86_400_000 + 43_200_001);
      expect(parseString(Values.convertToString(null, midnight) ?? '')).toEqual({
        schema: Schema.date,
        value: midnight,
      });
      expect(parseString(Values.convertToString(null, noon) ?? '')).toEqual({ schema: Schema.timestamp, value: noon });
    }
  });

  it('before the year 1 stay texts that lose nothing', () => {
    expect(Values.convertToString(null, new Date('-000044-03-15T00:00:00Z'))).toBe('-000044-03-15T00:00:00.000Z');
    expect(parseString('-000044-03-15T00:00:00.000Z').schema).toBe(Schema.string);
  });
});

describe('containers', () => {
  it('have the common type of what is inside', () => {
    expect(parseString('[1, 300, 2.5]')).toEqual({ schema: Schema.array(Schema.float32), value: [1, 300, 2.5] });
    expect(parseString('[1,5000000000]')).toEqual({ schema: Schema.array(Schema.int64), value: [1n, 5000000000n] });
    expect(parseString('{"a":[1],"b":[300]}')).toEqual({
      schema: Schema.map(Schema.string, Schema.array(Schema.int16)),
      value: new Map([
        ['a', [1]],
        ['b', [300]],
      ]),
    });
    expect(parseString('[[300],[5000000000]]').value).toEqual([[300n], [5000000000n]]);
  });

  it('have no element schema when there is no common type, and plain values then', () => {
    expect(parseString('[1,"a",{"b":5000000000}]')).toEqual({
      schema: untypedArray,
      value: [1, 'a', { b: 5000000000 }],
    });
    expect(parseString('{"a":1,2:"b"}').schema).toBe(Schema.from({ type: 'map' }));
    expect(parseString('[2019-08-23,1]').schema).toBe(untypedArray);
    expect(parseString('[[],[1]]').value).toEqual([[], [1]]);
  });

  it('keep __proto__ as a key', () => {
    const { value } = parseString('[1,{"__proto__":1}]');
    expect(Object.entries((value as readonly object[])[1] ?? {})).toEqual([['__proto__', 1]]);
  });

  it('are valid by the schema that comes with them', () => {
    for (const text of ['[1,5000000000]', '{"a":[1],"b":[2.5]}', '[[],[1]]', '{{"x":1}:"v"}', '[]', '{"a":null}']) {
      const { schema, value } = parseString(text);
      expect(schema?.validate(value)).toBeUndefined();
    }
  });

  it.each(['[a]', '[1', '[1,null]', '[,1]', '{"a"}', '{"a":}', '{null:1}', '{"a":1', '["a', '[1 2]', ']', '{,}'])(
    'that are not well formed are the text itself: %s',
    (text) => {
      expect(parseString(text)).toEqual({ schema: Schema.string, value: text });
    },
  );

  it('are texts when they are nested deeper than anyone means', () => {
    const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(parseString(nested(100)).schema?.type).toBe('array');
    for (const depth of [101, 100_000]) {
      expect(parseString(nested(depth))).toEqual({ schema: Schema.string, value: nested(depth) });
    }
  });
});

describe('texts', () => {
  it.each(['', '  ', 'abc', ' abc ', '"quoted"', 'NULL', 'a\\,b', '-', '\ud800', 'NaN'])(
    'stay as they are: %j',
    (text) => {
      expect(parseString(text)).toEqual({ schema: Schema.string, value: text });
    },
  );

  it('of literals are what they mean', () => {
    expect(parseString('null')).toEqual({ schema: null, value: null });
    expect(parseString(' true ')).toEqual({ schema: Schema.boolean, value: true });
  });
});
