import { runNode } from './tool.ts';

/** The first thing that a newcomer sees of Millrace: a broker, a worker, and a pipeline to watch and change. */
export async function quickstart(args: readonly string[]): Promise<number> {
  const story = 'examples/orders-by-country/src/main.ts';
  return (await runNode(['--conditions=@millrace/source', story, ...args])).code;
}
