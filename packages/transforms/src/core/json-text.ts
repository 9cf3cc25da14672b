/** What the type definitions of the language do not have yet. */
interface ExactJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
}

const exactJson = JSON as unknown as ExactJson;
const manyDigits = /\d{16}/;
const integer = /^-?\d+$/;

/**
 * Reads JSON without losing digits: integers beyond the safe ones are bigints.
 *
 * @throws SyntaxError when the text is no JSON.
 */
export function parseJsonText(text: string): unknown {
  if (!manyDigits.test(text)) return JSON.parse(text);
  return exactJson.parse(text, (_, value, { source }) => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    return source !== undefined && integer.test(source) ? BigInt(source) : value;
  });
}

/** Writes JSON in which bigints are numbers with all their digits. */
export function toJsonText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? exactJson.rawJSON(inner.toString()) : inner,
  );
}
