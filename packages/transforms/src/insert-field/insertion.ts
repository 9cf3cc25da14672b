/** A field to insert, as the configuration names it. */
export interface Insertion {
  readonly field: string;
  readonly optional: boolean;
}

/** Splits off the suffix: `!` for a required field, `?` for an optional one. */
export function parseInsertion(text: string): Insertion {
  const hasSuffix = text.endsWith('!') || text.endsWith('?');
  return { field: hasSuffix ? text.slice(0, -1) : text, optional: !text.endsWith('!') };
}
