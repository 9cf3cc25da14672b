import { createTestWorker } from '@millrace/testkit';
import type { WorkerSpec } from './worker-process.ts';

/** A worker in a process of its own: it lives until it is killed, or until a task of it has failed. */
const spec = JSON.parse(process.argv[2] ?? '') as WorkerSpec;
const failed = 3;

process.once('disconnect', () => process.exit(0));
setInterval(() => process.send?.({ rss: process.memoryUsage.rss() }), 200).unref();

try {
  const worker = await createTestWorker({
    ...spec,
    plugins: [import.meta.resolve('@millrace/connector-file/plugin'), import.meta.resolve('@millrace/testkit/plugin')],
    hostKind: 'thread',
    log: ({ level, message, fields }) => {
      if (level !== 'info' && level !== 'debug' && level !== 'trace') console.error(level, message, fields);
    },
  });
  for (const connector of spec.connectors) await worker.startConnector(connector);
  process.send?.({ ready: true });
  setInterval(() => {
    for (const { name = '' } of spec.connectors) {
      const trace = worker.status(name).tasks.find(({ state }) => state === 'FAILED')?.trace;
      if (trace !== undefined) end(`A task of ${name} has failed: ${trace}`);
    }
  }, 50);
} catch (error) {
  end(error);
}

function end(reason: unknown): never {
  console.error(reason);
  process.exit(failed);
}
