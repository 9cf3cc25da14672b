import type { SinkPlugin, SourcePlugin } from '@millrace/api';

/** A definition with whatever keys: its own types say more than a check that is for all of them can use. */
// biome-ignore lint/suspicious/noExplicitAny: the parameters of `open` are contravariant, so nothing but any fits all.
export type AnySource = SourcePlugin<any, any, any, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnySink = SinkPlugin<any, any>;
