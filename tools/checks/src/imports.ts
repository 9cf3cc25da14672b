export interface Import {
  readonly specifier: string;
  /** Gone when compiled: loads nothing at run time. */
  readonly typeOnly: boolean;
  /** `import(…)`: loads only when it is reached. */
  readonly dynamic: boolean;
}

const statement = /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const call = /\bimport\(\s*['"]([^'"]+)['"]/g;

/** The modules that a TypeScript file names. */
export function importsOf(text: string): readonly Import[] {
  const imports: Import[] = [];
  for (const [, type, specifier = ''] of text.matchAll(statement)) {
    imports.push({ specifier, typeOnly: type !== undefined, dynamic: false });
  }
  for (const [, specifier = ''] of text.matchAll(call)) imports.push({ specifier, typeOnly: false, dynamic: true });
  return imports;
}

/** The package that a bare specifier belongs to: `@millrace/api/x` → `@millrace/api`; `undefined` for files and `node:`. */
export function packageOf(specifier: string): string | undefined {
  if (/^(?:[.#/]|node:|data:)/.test(specifier)) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
