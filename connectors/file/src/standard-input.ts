import { once } from 'node:events';
import { createReadStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import { isMainThread } from 'node:worker_threads';
import { sleep } from '@millrace/api';
import { cannotRead } from './file-source-scan.ts';
import { type FileStreamInput, pauseMs } from './file-stream-input.ts';

/** The process has one, which outlives tasks: as Java, nobody closes it. */
let ofThread: Readable | undefined;

/** Reads the standard input of the process, in whatever thread this is. */
export function openStandardInput(): FileStreamInput {
  if (ofThread === undefined) {
    ofThread = isMainThread ? process.stdin : descriptorStream(0);
    // What nobody listens to would end the process; whoever reads next finds it in `errored`.
    ofThread.on('error', () => {});
  }
  return streamInput(ofThread, 'standard input');
}

/** Reads a stream, and leaves it open. */
export function streamInput(stream: Readable, name: string): FileStreamInput {
  return {
    name,
    async read(buffer, start) {
      const chunk = stream.read(Math.min(stream.readableLength, buffer.length - start)) as Buffer | null;
      return chunk === null ? 0 : chunk.copy(buffer, start);
    },
    async wait(_, signal) {
      if (stream.errored !== null) throw cannotRead(name, stream.errored);
      if (stream.readableLength > 0) return;
      if (stream.readableEnded) await sleep(pauseMs, signal);
      else await once(stream, 'readable', { signal });
    },
    async close() {
      stream.pause();
    },
  };
}

/** What `process.stdin` is in the main thread; in other threads that one is empty. */
function descriptorStream(fd: number): Readable {
  if (isatty(fd)) return new ReadStream(fd);
  const stats = fstatSync(fd);
  return stats.isFIFO() || stats.isSocket()
    ? new Socket({ fd, readable: true, writable: false })
    : createReadStream('', { fd, autoClose: false });
}
