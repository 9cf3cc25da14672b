import type { WorkspacePackage } from './workspace.ts';

interface SourceRule {
  readonly pattern: RegExp;
  readonly instead: string;
  /** Where the rule does not hold. */
  readonly except?: RegExp;
}

const branded =
  'MillraceError|RetriableError|DataError|ConfigError|TimeoutError|NotFoundError|AlreadyExistsError|Schema|Decimal|Headers|SourceRecord|SinkRecord';

/** What the linters cannot say. Each one broke something once, or breaks only where no test looks. */
const rules: readonly SourceRule[] = [
  {
    pattern: new RegExp(`\\binstanceof (?:${branded})\\b`),
    instead: "use the class's isInstance: two copies of @millrace/api may be loaded",
  },
  {
    pattern: /new URL\(\s*['"][^'"]+\.[tj]s['"]/,
    instead: 'name the file in "imports" (#name) and use import.meta.resolve: a URL to .ts breaks in dist only',
  },
  { pattern: /\b(?:spawn|fork|execFile)\(\s*['"]node['"]/, instead: 'start children with process.execPath' },
  { pattern: /@ts-(?:ignore|expect-error|nocheck)/, instead: 'make the types say it' },
  { pattern: /\bas any\b/, instead: 'make the types say it' },
];

export function checkSources(workspace: readonly WorkspacePackage[]): string[] {
  const problems: string[] = [];
  for (const { path, text } of workspace.flatMap(({ sources }) => sources)) {
    if (path === 'tools/checks/src/source-rules.ts') continue;
    text.split('\n').forEach((line, index) => {
      for (const { pattern, instead, except } of rules) {
        if (pattern.test(line) && !except?.test(path)) problems.push(`${path}:${index + 1}: ${instead}.`);
      }
    });
  }
  return problems;
}
