import { DataError, Decimal, project, Schema } from '@millrace/api';
import { describe, expect, it } from 'vitest';

describe('a projection', () => {
  it('is compiled once for each pair, and gives back what needs no change', () => {
    const [source, target] = [Schema.array(Schema.int8), Schema.array(Schema.int32)];
    expect(project(source, target)).toBe(project(source, target));
    const list = [1, 2];
    expect(project(source, target)(list)).toBe(list);
    expect(project(source, source)(list)).toBe(list);
  });

  const numbers: readonly Schema[] = [
    Schema.int8,
    Schema.int16,
    Schema.int32,
    Schema.int64,
    Schema.float32,
    Schema.float64,
  ];
  const pairs = numbers.flatMap((source, from) =>
    numbers.map((target, to) => ({ source, target, isWider: to >= from })),
  );
  const five = (schema: Schema): unknown => (schema === Schema.int64 ? 5n : 5);

  it.each(pairs.filter(({ isWider }) => isWider))(
    'makes a number wider: $source.type to $target.type',
    ({ source, target }) => {
      expect(project(source, target)(five(source))).toBe(five(target));
    },
  );

  it.each(pairs.filter(({ isWider }) => !isWider))(
    'makes none narrower: $source.type to $target.type',
    ({ source, target }) => {
      expect(() => project(source, target)).toThrow(DataError);
    },
  );

  it('rounds to a float once', () => {
    expect(project(Schema.int32, Schema.float32)(16777217)).toBe(16777216);
    expect(project(Schema.int64, Schema.float32)(9007199791611905n)).toBe(9007200328482816);
  });

  it('leaves out, adds and converts fields', () => {
    const source = Schema.struct({
      gone: Schema.string,
      id: Schema.int32,
      size: Schema.int8.with({ default: 4 }),
      note: Schema.string.asOptional(),
      constructor: Schema.string,
    });
    const target = Schema.struct({
      constructor: Schema.string,
      id: Schema.int64,
      size: Schema.int16,
      note: Schema.string.with({ default: 'none' }),
      added: Schema.boolean.with({ default: true }),
      maybe: Schema.boolean.asOptional(),
    });
    const read = project(source, target);
    const projected = read(source.create({ gone: 'x', id: 1, size: null as never, note: null, constructor: 'c' }));
    expect(projected).toEqual({ constructor: 'c', id: 1n, size: 4, note: 'none', added: true, maybe: null });
    expect(Object.keys(projected as object)).toEqual(target.fields.map(({ name }) => name));
    expect(target.validate(projected)).toBeUndefined();
  });

  it('goes into arrays, maps and structs', () => {
    const inner = (schema: Schema): Schema => Schema.array(Schema.map(Schema.string, Schema.struct([['a', schema]])));
    const read = project(inner(Schema.int32), inner(Schema.int64));
    expect(read([new Map([['k', { a: 1 }]])])).toEqual([new Map([['k', { a: 1n }]])]);
  });

  it('takes null where both can, and the default where only the source can', () => {
    const optional = Schema.struct({ a: Schema.int8 }).asOptional();
    expect(project(optional, Schema.struct({ a: Schema.int16 }).asOptional())(null)).toBeNull();
    const target = Schema.struct({ a: Schema.int16 });
    expect(project(optional, target.with({ default: target.create({ a: 9 }) }))(null)).toEqual({ a: 9 });
    expect(
      project(Schema.decimal(2).asOptional(), Schema.decimal(2).with({ default: Decimal.parse('0.00') }))(null),
    ).toEqual(Decimal.parse('0.00'));
  });

  const under = (schema: Schema): Schema => Schema.struct([['outer', Schema.struct([['a', schema]])]]);

  it.each<[string, Schema, Schema]>([
    ['another type', Schema.string, Schema.int8],
    ['another name', Schema.int8.with({ name: 'x' }), Schema.int8.with({ name: 'y' })],
    ['another parameter', Schema.decimal(2), Schema.decimal(3)],
    ['a parameter less', Schema.int8.with({ parameters: { a: '1' } }), Schema.int8],
    ['optional to required', Schema.int8.asOptional(), Schema.int8],
    ['a Date, which is no number', Schema.date, Schema.int64.with({ name: Schema.date.name })],
  ])('is refused with the path: %s', (_, source, target) => {
    expect(() => project(under(source), under(target))).toThrow(
      expect.objectContaining({ path: 'outer.a', code: 'SCHEMA' }),
    );
  });

  it('is refused when a required field is missing', () => {
    const target = Schema.struct({ a: Schema.int8, b: Schema.int8 });
    expect(() => project(Schema.struct({ a: Schema.int8 }), target)).toThrow('The schemas do not fit at b');
  });
});
