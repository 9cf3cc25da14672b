import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import {
  type Api,
  type ApiLayout,
  encodeRequest,
  FrameSplitter,
  PendingRequests,
  type RequestInput,
  type Response,
} from '../src/index.ts';

const timeout = 20_000;

/** The smallest client: one connection, no retries. */
export class KafkaConnection {
  readonly #socket: Socket;
  readonly #pending = new PendingRequests();

  private constructor(socket: Socket) {
    this.#socket = socket;
    const splitter = new FrameSplitter();
    socket.on('data', (chunk) => {
      splitter.push(chunk);
      for (let frame = splitter.next(); frame !== null; frame = splitter.next()) this.#pending.settle(frame);
    });
    socket.on('error', (error) => this.#pending.fail(error));
    socket.on('close', () => this.#pending.fail(new Error('the broker closed the connection')));
  }

  static async open(bootstrap: string): Promise<KafkaConnection> {
    const [host, port] = bootstrap.split(':') as [string, string];
    const socket = createConnection({ host, port: Number(port), noDelay: true });
    await once(socket, 'connect', { signal: AbortSignal.timeout(timeout) });
    return new KafkaConnection(socket);
  }

  async send<Layout extends ApiLayout>(
    api: Api<Layout>,
    version: number,
    request: RequestInput<Api<Layout>>,
  ): Promise<Response<Api<Layout>>> {
    const { correlationId, response } = this.#pending.add(api, version);
    const timer = setTimeout(() => this.#pending.fail(new Error(`no answer to ${api.name} v${version}`)), timeout);
    try {
      for (const piece of encodeRequest(api, version, { correlationId, clientId: 'protocol-test' }, request)) {
        this.#socket.write(piece);
      }
      return await response;
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}
