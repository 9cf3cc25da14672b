/** Names of what `class-not-shipped` is about. */
export function isOfOtherPlugins(name: string): boolean {
  return /org\.apache\.kafka\.connect\.mirror\.|rest-noeos-mmb?\b/.test(name);
}
