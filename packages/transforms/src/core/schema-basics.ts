import type { Schema, SchemaMetadata } from '@millrace/api';

/** What a changed schema keeps in every transform: name, version, doc and parameters, but not optional and default. */
export function schemaBasics({ name, version, doc, parameters }: Schema): SchemaMetadata {
  return { name, version, doc, parameters };
}
