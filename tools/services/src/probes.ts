import { connect } from 'node:net';
import { HOST } from './definition.ts';

/** Whether a GET is answered with 200. */
export async function isOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  await response.arrayBuffer();
  return response.status === 200;
}

/** How many brokers the broker on that port knows: a Metadata request (version 1) for no topics. */
export async function countBrokers(port: number): Promise<number> {
  const METADATA = 3;
  const request = Buffer.alloc(4 + 10 + 4);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(METADATA, 4);
  request.writeInt16BE(1, 6);
  request.writeInt32BE(1, 8);
  request.writeInt16BE(-1, 12);
  request.writeInt32BE(0, 14);

  const socket = connect({ host: HOST, port, timeout: 2_000 });
  socket.once('timeout', () => socket.destroy(new Error('no answer')));
  try {
    socket.write(request);
    let answer = Buffer.alloc(0);
    for await (const chunk of socket) {
      answer = Buffer.concat([answer, chunk as Buffer]);
      // Size, correlation id, length of the array of brokers.
      if (answer.length >= 12) return answer.readInt32BE(8);
    }
    return 0;
  } finally {
    socket.destroy();
  }
}
