import { checkRepository } from '@millrace/checks';
import { build } from './build.ts';
import { checkPackages } from './check-packages.ts';
import { runTool } from './tool.ts';
import { root } from './workspace.ts';

interface Step {
  readonly name: string;
  /** Resolves to what is wrong; empty when nothing is. */
  readonly run: () => Promise<string>;
}

const steps: readonly Step[] = [
  tool('format and lint', '@biomejs/biome', ['check', '--error-on-warnings']),
  tool('types', 'typescript', ['--project', 'tsconfig.json']),
  tool('types of what is published', 'typescript', ['--project', 'tsconfig.library.json']),
  tool('promises and imports', 'oxlint', ['--deny-warnings']),
  { name: 'structure', run: async () => (await checkRepository(root)).join('\n') },
  tool('unused files, exports and dependencies', 'knip', ['--no-config-hints']),
  { name: 'build', run: async () => ((await build([], true)) === 0 ? '' : 'The build failed; see above.') },
  { name: 'what would be published', run: checkPackages },
];

/** Everything that can be said about the code without running it. All steps run, also after one that failed. */
export async function check(): Promise<number> {
  let failed = 0;
  for (const step of steps) {
    const start = performance.now();
    const problems = (await step.run()).trim();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    if (problems !== '') failed++;
    console.log(`${problems === '' ? '✓' : '✗'} ${step.name} (${seconds} s)`);
    if (problems !== '') console.log(problems);
  }
  if (failed > 0) console.log(`\n${failed} of ${steps.length} steps failed.`);
  return failed === 0 ? 0 : 1;
}

function tool(name: string, packageName: string, args: readonly string[]): Step {
  return {
    name,
    run: async () => {
      const { code, output } = await runTool(packageName, args, { quiet: true });
      return code === 0 ? '' : output || `ended with code ${code}`;
    },
  };
}
