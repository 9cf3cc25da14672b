import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Connection, type ConnectionOptions } from './connection.ts';

export interface ListenOptions extends Omit<ConnectionOptions, 'advertised'> {
  readonly host: string;
  readonly port: number;
  /** What clients are told instead of the address they came to. */
  readonly advertisedHost: string | undefined;
}

export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

const anyAddress = new Set(['0.0.0.0', '::', '']);

/** Listens for clients. Rejects with the error of the operating system when the address cannot be had. */
export async function listen(options: ListenOptions): Promise<RunningServer> {
  const connections = new Set<Connection>();
  const server = createServer();
  const advertised = (socket: Socket): { host: string; port: number } => ({
    host: options.advertisedHost ?? (anyAddress.has(options.host) ? localAddress(socket) : options.host),
    port: portOf(server),
  });
  server.on('connection', (socket) => {
    const connection = new Connection(socket, { ...options, advertised });
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: portOf(server),
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const connection of connections) connection.close();
      await closed;
    },
  };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const localAddress = (socket: Socket): string => (socket.localAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
