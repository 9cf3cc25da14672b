/** A short text for an error that says what a value is; of a text or a number it shows the beginning. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the string ${JSON.stringify(cut(value))}`;
    case 'bigint':
      return `the bigint ${cut(value.toString())}n`;
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return 'an array';
      return `a value of type ${value.constructor?.name ?? 'Object'}`;
    case 'undefined':
      return 'nothing';
    default:
      return `the ${typeof value} ${String(value)}`;
  }
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
