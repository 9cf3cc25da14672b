/** The character that a configuration names: a tab cannot stand there by itself. */
export function delimiterOf(text: string): string {
  return text === 'tab' || text === '\\t' ? '\t' : text;
}
