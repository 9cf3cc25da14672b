import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  type Api,
  type ApiLayout,
  encodeRequest,
  FrameSplitter,
  PendingRequests,
  type RequestInput,
  type Response,
} from '@millrace/protocol';

/** A connection that sends what it is told and decodes the answers. */
export class RawClient {
  readonly socket: Socket;
  readonly #splitter = new FrameSplitter();
  readonly #pending = new PendingRequests();

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#splitter.push(chunk);
      for (let frame = this.#splitter.next(); frame !== null; frame = this.#splitter.next())
        this.#pending.settle(frame);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.#pending.fail(new Error('the broker has closed the connection')));
  }

  static async connect({ host, port }: { readonly host: string; readonly port: number }): Promise<RawClient> {
    const socket = connect({ host, port, noDelay: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  call<Layout extends ApiLayout>(
    api: Api<Layout>,
    version: number,
    request: RequestInput<Api<Layout>>,
  ): Promise<Response<Api<Layout>>> {
    const { correlationId, response } = this.#pending.add(api, version);
    this.send(encodeRequest(api, version, { correlationId, clientId: 'raw' }, request));
    return response;
  }

  /** Sends bytes as they are. */
  send(pieces: readonly Uint8Array[]): void {
    this.socket.cork();
    for (const piece of pieces) this.socket.write(piece);
    this.socket.uncork();
  }

  async closed(): Promise<void> {
    if (!this.socket.closed) await once(this.socket, 'close');
  }

  close(): void {
    this.socket.destroy();
  }
}
