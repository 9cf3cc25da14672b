import type { ApiLayout } from './layout.ts';
import { createMessageCodec, type MessageCodec } from './message-codec.ts';
import type { Decoded, Encodable } from './message-types.ts';
import { includesVersion, parseVersionRange } from './version-range.ts';

/** One Kafka API: a pair of messages, in all versions that are spoken here. */
export interface Api<Layout extends ApiLayout = ApiLayout> {
  readonly key: number;
  readonly name: string;
  readonly minVersion: number;
  /** The newest version that brokers accept without unstable versions being enabled. */
  readonly maxVersion: number;
  readonly layout: Layout;
  readonly request: MessageCodec<Layout['request']>;
  readonly response: MessageCodec<Layout['response']>;
  /** Whether the request's header carries tagged fields in that version. */
  isFlexible(version: number): boolean;
  /** Whether the response's header does: as the request's, except that ApiVersions must be readable by any client. */
  hasFlexibleResponseHeader(version: number): boolean;
  /** Whether the version can be encoded and decoded, unstable ones included. */
  speaks(version: number): boolean;
}

/** Of any API, for tables of them. */
export type AnyApi = Pick<
  Api,
  'key' | 'name' | 'minVersion' | 'maxVersion' | 'layout' | 'isFlexible' | 'hasFlexibleResponseHeader' | 'speaks'
>;

/** What decoding a request of that API gives. */
export type Request<A extends { readonly layout: ApiLayout }> = Decoded<A['layout']['request']>;
/** What encoding a request of that API takes. */
export type RequestInput<A extends { readonly layout: ApiLayout }> = Encodable<A['layout']['request']>;
/** What decoding a response of that API gives. */
export type Response<A extends { readonly layout: ApiLayout }> = Decoded<A['layout']['response']>;
/** What encoding a response of that API takes. */
export type ResponseInput<A extends { readonly layout: ApiLayout }> = Encodable<A['layout']['response']>;

const apiVersionsKey = 18;

/** Makes an API of its layout. */
export function api<const Layout extends ApiLayout>(layout: Layout): Api<Layout> {
  const { key, name, versions, flexible } = layout;
  const spoken = parseVersionRange(versions);
  const flexibleVersions = parseVersionRange(flexible);
  const unstable = parseVersionRange(layout.unstable ?? 'none');
  return {
    key,
    name,
    layout,
    minVersion: spoken.first,
    maxVersion: layout.unstable === undefined ? spoken.last : unstable.first - 1,
    request: createMessageCodec(layout.request, { name: `${name} request`, versions, flexible }),
    response: createMessageCodec(layout.response, { name: `${name} response`, versions, flexible }),
    isFlexible: (version) => includesVersion(flexibleVersions, version),
    hasFlexibleResponseHeader: (version) => key !== apiVersionsKey && includesVersion(flexibleVersions, version),
    speaks: (version) => includesVersion(spoken, version),
  };
}
