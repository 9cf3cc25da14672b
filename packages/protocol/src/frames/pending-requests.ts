import type { Api, Response } from '../messages/api.ts';
import type { ApiLayout } from '../messages/layout.ts';
import { ProtocolError } from '../protocol-error.ts';
import { decodeResponse, readCorrelationId } from './response-frame.ts';

interface Pending {
  decode(frame: Buffer): void;
  reject(error: unknown): void;
}

/** The requests of one connection that wait for their response. */
export class PendingRequests {
  readonly #pending = new Map<number, Pending>();
  #next = 0;

  get size(): number {
    return this.#pending.size;
  }

  /** Takes a correlation id for a request and says what its response will be. */
  add<Layout extends ApiLayout>(
    api: Api<Layout>,
    version: number,
  ): { readonly correlationId: number; readonly response: Promise<Response<Api<Layout>>> } {
    const { promise, resolve, reject } = Promise.withResolvers<Response<Api<Layout>>>();
    const correlationId = this.#next;
    this.#next = (correlationId + 1) & 0x7fffffff;
    this.#pending.set(correlationId, {
      decode: (frame) => {
        try {
          resolve(decodeResponse(api, version, frame));
        } catch (error) {
          reject(error);
        }
      },
      reject,
    });
    return { correlationId, response: promise };
  }

  /** Settles the request that a frame answers. A frame that answers none means that the stream is out of step. */
  settle(frame: Buffer): void {
    const correlationId = readCorrelationId(frame);
    const pending = this.#pending.get(correlationId);
    if (pending === undefined) {
      throw new ProtocolError('MALFORMED', `a response to request ${correlationId}, which does not wait for one`);
    }
    this.#pending.delete(correlationId);
    pending.decode(frame);
  }

  /** Rejects everything that waits, when the connection is gone. */
  fail(error: unknown): void {
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of waiting) pending.reject(error);
  }
}
