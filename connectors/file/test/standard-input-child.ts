import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { silentLogger } from '@millrace/api';
import { open } from '../src/file-stream-source-task.ts';

/** Prints what the source makes of standard input until it reads `end`; in a thread when it is told so. */

if (isMainThread && process.argv[2] === 'thread') {
  const worker = new Worker(new URL(import.meta.url));
  worker.on('message', print);
} else {
  const stop = new AbortController();
  const task = open({
    config: { file: null, topic: 't', batchSize: 2000 },
    log: silentLogger,
    signal: stop.signal,
    offsets: { get: never, getAll: never, partition: never },
  });
  for (let last: unknown; last !== 'end'; ) {
    for (const { value, sourcePartition, sourceOffset } of (await task.poll()) ?? []) {
      last = value;
      const line = JSON.stringify([value, sourcePartition, sourceOffset]);
      if (parentPort === null) print(line);
      else parentPort.postMessage(line);
    }
  }
  await task.close();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function never(): never {
  throw new Error('Standard input has no offsets.');
}
