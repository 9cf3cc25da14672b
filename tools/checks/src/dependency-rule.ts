import { importsOf, packageOf } from './imports.ts';
import type { WorkspacePackage } from './workspace.ts';

const scope = '@millrace/';

/**
 * What each package may need at run time, of ours. Listed here or refused; `[]` means nothing at all, third-party
 * packages included.
 */
const mayDependOn: Readonly<Record<string, readonly string[]>> = {
  api: [],
  protocol: [],
  java: ['api'],
  converters: ['api', 'java'],
  'schema-registry': ['api', 'java'],
  transforms: ['api', 'java'],
  files: ['api', 'java'],
  kafka: ['protocol'],
  broker: ['protocol'],
  runtime: ['api', 'java', 'converters', 'transforms', 'kafka'],
  testkit: ['api', 'runtime', 'broker', 'kafka'],
};

/** Native speed where the platform has it; each has a fallback in our own code, so it is optional by nature. */
const optionalOfOthers: Readonly<Record<string, readonly string[]>> = { protocol: ['@node-rs/crc32'] };

const connectorsMayDependOn = ['api', 'java', 'files'];

/** The packages of ours that only tests may use. */
const onlyForTests = new Set(['testkit']);

/** Every package keeps to the dependency rule, and imports only what its package.json declares. */
export function checkDependencyRule(workspace: readonly WorkspacePackage[]): string[] {
  return workspace.flatMap((subject) => [...declared(subject), ...imported(subject)]);
}

function declared({ folder, room, manifest }: WorkspacePackage): string[] {
  const optional = optionalOfOthers[folder.slice('packages/'.length)] ?? [];
  const names = [
    ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
    ...Object.keys(manifest.optionalDependencies ?? {}).filter((name) => !optional.includes(name)),
  ];
  const ours = names.filter((name) => name.startsWith(scope)).map((name) => name.slice(scope.length));
  const problems: string[] = [];
  const allowed = allowedIn(folder, room);
  if (allowed === undefined) return problems;
  if (allowed === 'unknown') {
    return [`${folder}: not in the dependency rule; say in tools/checks/src/dependency-rule.ts what it may depend on.`];
  }
  for (const name of ours) {
    if (!allowed.includes(name)) {
      problems.push(
        `${folder}/package.json: may not depend on ${scope}${name} (allowed: ${allowed.join(', ') || 'nothing'}).`,
      );
    }
  }
  if (room === 'packages' && allowed.length === 0 && names.length > ours.length) {
    problems.push(`${folder}/package.json: has no run-time dependencies, by rule; found ${names.join(', ')}.`);
  }
  for (const name of Object.keys(manifest.devDependencies ?? {})) {
    const short = name.startsWith(scope) ? name.slice(scope.length) : '';
    if (onlyForTests.has(short) && room !== 'connectors' && room !== 'apps') {
      problems.push(`${folder}/package.json: only connectors may have ${name} as a devDependency.`);
    }
  }
  return problems;
}

/** `undefined`: anything goes. */
function allowedIn(folder: string, room: WorkspacePackage['room']): readonly string[] | 'unknown' | undefined {
  if (room === 'connectors') return connectorsMayDependOn;
  if (room !== 'packages') return undefined;
  return mayDependOn[folder.slice('packages/'.length)] ?? 'unknown';
}

function imported({ folder, manifest, sources }: WorkspacePackage): string[] {
  const known = new Set([
    manifest.name,
    ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies }),
  ]);
  const problems: string[] = [];
  for (const { path, text } of sources) {
    for (const { specifier } of importsOf(text)) {
      const name = packageOf(specifier);
      if (name !== undefined && !known.has(name)) {
        problems.push(`${path}: imports ${name}, which ${folder}/package.json does not declare as a dependency.`);
      }
    }
  }
  return problems;
}
