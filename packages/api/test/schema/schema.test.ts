import { DataError, Decimal, Schema, type SchemaMetadata, type Struct, type ValueOf } from '@millrace/api';
import { describe, expect, expectTypeOf, it } from 'vitest';

describe('types', () => {
  it('follow from the definition', () => {
    const order = Schema.struct(
      { id: Schema.int64, note: Schema.string.asOptional(), tags: Schema.array(Schema.string) },
      { name: 'order' },
    );
    expectTypeOf<ValueOf<typeof order>>().toEqualTypeOf<{
      readonly id: bigint;
      readonly note: string | null;
      readonly tags: readonly string[];
    }>();
    const found: Schema = order;
    expect(found.toString()).toBe('Schema{order:STRUCT}');
    expect(order.create({ id: 1n, tags: ['a'] })).toEqual({ id: 1n, note: null, tags: ['a'] });
  });

  it('of fields known only at run time are open', () => {
    const dynamic = Schema.struct([['a', Schema.int8]]);
    expectTypeOf<ValueOf<typeof dynamic>>().toEqualTypeOf<Struct>();
    expect(dynamic.field('a')?.schema).toBe(Schema.int8);
    expect(dynamic.field('toString')).toBeUndefined();
  });
});

describe('equal content', () => {
  const point = Schema.struct({ x: Schema.int32 });

  it.each<[string, () => Schema]>([
    ['a primitive', () => Schema.from({ type: 'int8' })],
    ['metadata', () => Schema.string.with({ name: 'n', version: 2, doc: 'd', parameters: { a: '1', b: '2' } })],
    ['an int8', () => Schema.int8.with({ default: -5 })],
    ['a float', () => Schema.float64.with({ default: Number.NaN })],
    ['an int64', () => Schema.int64.with({ default: 2n ** 62n })],
    ['a boolean', () => Schema.boolean.with({ default: false })],
    ['a text', () => Schema.string.with({ default: '' })],
    ['bytes', () => Schema.bytes.with({ default: new Uint8Array([1, 2]) })],
    ['a decimal', () => Schema.decimal(2).with({ default: Decimal.parse('1.50') })],
    ['a date', () => Schema.timestamp.with({ default: new Date(7) })],
    ['an array', () => Schema.array(Schema.int32, { default: [1, 2] })],
    ['a map', () => Schema.map(Schema.int32, Schema.int64, { default: new Map([[1, 2n]]) })],
    ['a struct', () => Schema.struct({ x: Schema.int32 }).with({ default: point.create({ x: 1 }) })],
  ])('is one instance, also with a default: %s', (_, make) => {
    expect(make()).toBe(make());
  });

  it.each<[string, SchemaMetadata, SchemaMetadata]>([
    ['optional', { optional: true }, {}],
    ['name', { name: 'a' }, { name: 'b' }],
    ['version', { version: 1 }, { version: 2 }],
    ['doc', { doc: '' }, {}],
    ['parameters', { parameters: { a: '1' } }, { parameters: { a: '2' } }],
    ['their order', { parameters: { a: '1', b: '2' } }, { parameters: { b: '2', a: '1' } }],
    ['the sign of zero', { default: 0 }, { default: -0 }],
    ['a default or none', { default: 0 }, {}],
  ])('is not: %s', (_, left, right) => {
    expect(Schema.float64.with(left as SchemaMetadata<number>)).not.toBe(
      Schema.float64.with(right as SchemaMetadata<number>),
    );
  });

  it('tells defaults of other types apart that look alike as texts', () => {
    const schemas = [
      Schema.string.with({ default: '1' }),
      Schema.int64.with({ default: 1n }),
      Schema.int32.with({ default: 1 }),
      Schema.array(Schema.string, { default: ['int64', '1'] }),
    ];
    expect(new Set(schemas).size).toBe(4);
  });

  it('leads back from the optional form', () => {
    expect(Schema.int8.asOptional().asRequired()).toBe(Schema.int8);
    expect(Schema.int8.asOptional()).toBe(Schema.int8.with({ optional: true }));
  });
});

describe('a schema', () => {
  it('is recognised and keeps its parts with new metadata', () => {
    const schema = Schema.struct({ a: Schema.int8 }, { name: 'n', parameters: new Map([['k', 'v']]) });
    const other = schema.with({ name: undefined, version: 3 });
    expect(Schema.isInstance(schema)).toBe(true);
    expect(Schema.isInstance(Object.fromEntries(Object.entries(schema)))).toBe(false);
    expect([other.name, other.version, other.fields, other.parameters?.get('k')]).toEqual([
      undefined,
      3,
      schema.fields,
      'v',
    ]);
  });

  it('counts a logical name only on the type that it belongs to', () => {
    const name = Schema.date.name ?? '';
    expect(Schema.date.representation).toBe('date');
    expect(Schema.int64.with({ name }).representation).toBe('int64');
    expect(Schema.decimal(3).representation).toBe('decimal');
  });

  it.each([
    ['an empty field name', () => Schema.struct([['', Schema.int8]])],
    [
      'a field twice',
      () =>
        Schema.struct([
          ['a', Schema.int8],
          ['a', Schema.string],
        ]),
    ],
    ['a default that is no value', () => Schema.int8.with({ default: 128 })],
    ['a default with a null inside', () => Schema.struct({ a: Schema.int8 }).with({ default: { a: null } as never })],
  ])('refuses %s', (_, make) => {
    expect(make).toThrow(DataError);
  });
});

describe('struct.create', () => {
  const names = [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'with.dot',
    'with "quotes"\\',
    'é\u2028',
    'a',
  ];
  const odd = Schema.struct(names.map((name) => [name, Schema.int32.asOptional()] as const));

  it('takes any field name, in order, as an own property', () => {
    const values = Object.fromEntries(names.map((name, index) => [name, index]));
    const struct = odd.create(values);
    expect(Object.entries(struct)).toEqual(names.map((name, index) => [name, index]));
    expect(Object.getPrototypeOf(struct)).toBe(Object.prototype);
    expect(odd.validate(struct)).toBeUndefined();
  });

  it('sets what is left out to null, and inherits nothing', () => {
    expect(Object.entries(odd.create({}))).toEqual(names.map((name) => [name, null]));
  });

  it('refuses a name that is no field, and says which there are', () => {
    const schema = Schema.struct({ a: Schema.int8.asOptional(), b: Schema.int8.asOptional() }, { name: 'n' });
    expect(() => schema.create({ A: 1 } as never)).toThrow('Schema{n:STRUCT} has no field "A"; it has: a, b.');
  });
});
