import { runNode } from './tool.ts';

/** The first thing that a newcomer sees of Millrace: what runs today, and what does not yet. */
export async function quickstart(): Promise<number> {
  const { code } = await runNode(['--conditions=@millrace/source', 'examples/first-steps/src/main.ts']);
  if (code !== 0) return code;
  console.log(`
That is what runs today. Still to come: transforms, the Kafka client, the embedded broker and the worker. Once they
are here, this command will start a broker, a worker and a pipeline between them.`);
  return 0;
}
