/** Whether `new Function` works here; it does not under `--disallow-code-generation-from-strings`. */
export const canGenerateCode: boolean = ((): boolean => {
  try {
    return new Function('return true')();
  } catch {
    return false;
  }
})();

/** A property name as it stands in an object literal; plain `__proto__` would set the prototype. */
export function literalKey(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : JSON.stringify(name);
}
