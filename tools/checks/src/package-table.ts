import { publicPackages, type WorkspacePackage } from './workspace.ts';

/** The table of what is published, for the root README. */
export function packageTable(workspace: readonly WorkspacePackage[]): string {
  const rows = publicPackages(workspace).map(
    ({ folder, manifest }) => `| [\`${manifest.name}\`](${folder}) | ${manifest.description} |`,
  );
  return ['| package | what it is |', '|---|---|', ...rows].join('\n');
}
