import { runNode } from './tool.ts';

/** The first thing that a newcomer sees of Millrace: what runs today, and what does not yet. */
export async function quickstart(): Promise<number> {
  console.log('A connector in under 50 lines (examples/first-connector), polled by hand and converted to JSON:\n');
  const { code } = await runNode(['--conditions=@millrace/source', 'examples/first-connector/src/main.ts']);
  if (code !== 0) return code;
  console.log(`
That is what runs today, beside the embedded broker (pnpm millrace broker --data DIR). Still to come: the pipelines and
the worker. Once they are here, this command will start a broker, a worker and a pipeline between them.`);
  return 0;
}
