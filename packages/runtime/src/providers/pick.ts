/** These entries; all of them without a choice. */
export function pick(
  entries: Iterable<readonly [string, string]>,
  keys: ReadonlySet<string> | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries([...entries].filter(([key]) => keys === undefined || keys.has(key)));
}
