import type { Socket } from 'node:net';
import { decodeRequestHeader, FrameSplitter, ProtocolError, type ReceivedRequest } from '@millrace/protocol';
import type { BrokerState } from '../broker-state.ts';
import type { Handler, RequestContext } from './handler.ts';
import { SaslSession } from './sasl-session.ts';

export interface ConnectionOptions {
  readonly broker: BrokerState;
  readonly handlers: ReadonlyMap<number, Handler>;
  readonly users: ReadonlyMap<string, string> | undefined;
  readonly maxRequestBytes: number;
  /** Where the client of a socket reaches the broker. */
  readonly advertised: (socket: Socket) => { readonly host: string; readonly port: number };
}

const apiVersionsKey = 18;
/** ApiVersions, SaslHandshake, SaslAuthenticate: what a client may ask before it has logged in. */
const openToAll = new Set([apiVersionsKey, 17, 36]);
/** As much is read ahead of the request that is being served. */
const readAheadBytes = 1024 * 1024;

type Pieces = Uint8Array[] | null;

/**
 * One client. Its requests are served one after the other, in order, as Kafka does; while one waits or its response is
 * not taken, the socket is not read any further.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  readonly #splitter: FrameSplitter;
  readonly #sasl: SaslSession;
  readonly #gone = new AbortController();
  readonly #advertised: RequestContext['advertised'];
  readonly #clientHost: string;
  #busy = false;
  #ending = false;
  /** After a handshake of version 0 the next frame is not a request but the login itself. */
  #bareLogin = false;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#options = options;
    this.#socket = socket;
    this.#splitter = new FrameSplitter({ maxFrameBytes: options.maxRequestBytes });
    this.#sasl = new SaslSession(options.users);
    this.#advertised = options.advertised(socket);
    this.#clientHost = `/${(socket.remoteAddress ?? '').replace(/^::ffff:/, '')}`;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#splitter.push(chunk);
      this.#pump();
    });
    socket.on('drain', () => this.#pump());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#gone.abort());
  }

  close(): void {
    this.#socket.destroy();
  }

  #pump(): void {
    while (!this.#busy && !this.#ending && !this.#socket.destroyed && !this.#socket.writableNeedDrain) {
      let answer: Promise<Pieces> | Pieces;
      try {
        const frame = this.#splitter.next();
        if (frame === null) break;
        answer = this.#serve(frame);
      } catch (error) {
        this.#fail(error);
        return;
      }
      if (answer instanceof Promise) {
        this.#busy = true;
        answer.then(
          (pieces) => {
            this.#busy = false;
            this.#send(pieces);
            this.#pump();
          },
          (error: unknown) => this.#fail(error),
        );
      } else {
        this.#send(answer);
      }
    }
    const held = this.#busy || this.#socket.writableNeedDrain;
    if (held && this.#splitter.pendingBytes > readAheadBytes) this.#socket.pause();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  #serve(frame: Buffer): Promise<Pieces> | Pieces {
    if (this.#bareLogin) return this.#login(frame);
    const received = decodeRequestHeader(frame);
    const handler = this.#options.handlers.get(received.apiKey);
    if (handler === undefined) throw new ProtocolError('UNSUPPORTED', `API ${received.apiKey} is not served`);
    if (!this.#sasl.authenticated && !openToAll.has(received.apiKey)) {
      throw new ProtocolError('UNSUPPORTED', `${handler.api.name} before the client has logged in`);
    }
    const { minVersion, maxVersion, name } = handler.api;
    const served = received.apiVersion >= minVersion && received.apiVersion <= maxVersion;
    if (!served && received.apiKey !== apiVersionsKey) {
      throw new ProtocolError(
        'UNSUPPORTED',
        `${name} version ${received.apiVersion}; ${minVersion} to ${maxVersion} are served`,
      );
    }
    const answer = handler.serve(received.body, received.correlationId, this.#context(received));
    // Version 0 of the handshake is followed by the login without a request around it.
    this.#bareLogin = received.apiKey === 17 && received.apiVersion === 0 && this.#sasl.mechanismAgreed;
    return answer;
  }

  #context({ apiVersion, clientId }: ReceivedRequest): RequestContext {
    return {
      broker: this.#options.broker,
      apiVersion,
      clientId: clientId ?? '',
      clientHost: this.#clientHost,
      advertised: this.#advertised,
      sasl: this.#sasl,
      signal: this.#gone.signal,
      disconnect: () => {
        this.#ending = true;
      },
    };
  }

  #login(frame: Buffer): Pieces {
    this.#bareLogin = false;
    if (!this.#sasl.authenticate(frame))
      throw new ProtocolError('INVALID_VALUE', 'a login with a wrong name or password');
    return [Buffer.alloc(4)];
  }

  #send(pieces: Pieces): void {
    if (this.#socket.destroyed) return;
    if (pieces !== null) {
      this.#socket.cork();
      for (const piece of pieces) this.#socket.write(piece);
      this.#socket.uncork();
    }
    if (this.#ending) this.#socket.end();
  }

  #fail(error: unknown): void {
    const reason =
      error instanceof ProtocolError ? error.message : error instanceof Error ? error.stack : String(error);
    this.#options.broker.log(`connection of ${this.#clientHost.slice(1)}:${this.#socket.remotePort} closed: ${reason}`);
    this.#socket.destroy();
  }
}
