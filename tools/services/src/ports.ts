import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { HOST } from './definition.ts';
import { ServiceError, usageError } from './errors.ts';

/** Ports per instance. */
export const PORT_BLOCK = 50;

/** Below the ports that Linux (from 32768) and macOS (from 49152) give to outgoing connections. */
const FIRST = 20_000;
const LAST = 32_000;

export interface PortBlock extends AsyncDisposable {
  readonly base: number;
}

/**
 * Reserves a block of free ports. The block's last port is kept open as long as the block is in use: to open it is the one
 * step that two processes cannot both succeed in, and the kernel undoes it when the owner dies.
 */
export async function allocatePorts(
  offsets: readonly number[],
  random: () => number = Math.random,
): Promise<PortBlock> {
  const blocks = Math.floor((LAST - FIRST) / PORT_BLOCK);
  const start = Math.floor(random() * blocks);
  for (let attempt = 0; attempt < blocks; attempt++) {
    const base = FIRST + ((start + attempt) % blocks) * PORT_BLOCK;
    const guard = await listen(base + PORT_BLOCK - 1);
    if (guard === undefined) continue;
    if ((await takenPort(base, offsets)) === undefined) return { base, [Symbol.asyncDispose]: () => close(guard) };
    await close(guard);
  }
  throw new ServiceError('SERVICE_FAILED', `no block of ${PORT_BLOCK} free ports between ${FIRST} and ${LAST}`);
}

/** A block that starts at a given port, without a reservation. */
export async function fixedPorts(base: number, offsets: readonly number[]): Promise<PortBlock> {
  const taken = await takenPort(base, offsets);
  if (taken !== undefined) throw usageError(`port ${taken} is in use; give another --port, or none for a free one`);
  return { base, [Symbol.asyncDispose]: async () => undefined };
}

async function takenPort(base: number, offsets: readonly number[]): Promise<number | undefined> {
  for (const offset of offsets) {
    if (!(await isFree(base + offset))) return base + offset;
  }
  return undefined;
}

/** Also asks by connecting: on macOS a port can be bound here that somebody else has open on all addresses. */
async function isFree(port: number): Promise<boolean> {
  if (await isListening(port)) return false;
  const server = await listen(port);
  if (server === undefined) return false;
  await close(server);
  return true;
}

/** Whether somebody accepts connections. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port, timeout: 2_000 });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => done(true));
    socket.once('timeout', () => done(false));
    socket.once('error', () => done(false));
  });
}

async function listen(port: number): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  server.unref();
  server.listen({ host: HOST, port, exclusive: true });
  try {
    await once(server, 'listening');
    return server;
  } catch {
    return undefined;
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
