import type { Field, Fields, FieldType, PrimitiveName, Primitives, Struct, StructArray } from './layout.ts';

type Direction = 'decoded' | 'encoded';

type PrimitiveOf<Name extends string, Way extends Direction> = Name extends PrimitiveName
  ? Primitives[Name][Way]
  : never;

type ListOf<Item, Way extends Direction> = Way extends 'decoded' ? Item[] : readonly Item[];

type NamedType<Text extends string, Way extends Direction> = Text extends `${infer Base}?${string}`
  ? NamedType<Base, Way> | null
  : Text extends `${infer Base}[]`
    ? ListOf<PrimitiveOf<Base, Way>, Way>
    : PrimitiveOf<Text, Way>;

type TypeOf<Type extends FieldType, Way extends Direction> = Type extends string
  ? NamedType<Type, Way>
  : Type extends { readonly array: infer Items extends Fields; readonly nullable: string }
    ? ListOf<MessageOf<Items, Way>, Way> | null
    : Type extends StructArray
      ? ListOf<MessageOf<Type['array'], Way>, Way>
      : Type extends Struct
        ? MessageOf<Type['struct'], Way>
        : never;

type FieldTypeOf<Item extends Field> = Item extends readonly [infer Type extends FieldType, ...unknown[]]
  ? Type
  : Item extends FieldType
    ? Item
    : never;

/** Fields that some version lacks, that have a default or that are tagged, may be left out. */
type OptionalNames<Layout extends Fields> = {
  [Name in keyof Layout]: Layout[Name] extends readonly [FieldType, string, ...unknown[]] ? Name : never;
}[keyof Layout];

type MessageOf<Layout extends Fields, Way extends Direction> = Way extends 'decoded'
  ? Decoded<Layout>
  : Encodable<Layout>;

/** What decoding gives: every field of every version, with its default where the version lacks it. */
export type Decoded<Layout extends Fields> = {
  -readonly [Name in keyof Layout]: TypeOf<FieldTypeOf<Layout[Name]>, 'decoded'>;
};

/** What encoding takes. */
export type Encodable<Layout extends Fields> = {
  readonly [Name in Exclude<keyof Layout, OptionalNames<Layout>>]: TypeOf<FieldTypeOf<Layout[Name]>, 'encoded'>;
} & {
  readonly [Name in OptionalNames<Layout>]?: TypeOf<FieldTypeOf<Layout[Name]>, 'encoded'> | undefined;
};
