import { errorFromWire, errorToWire, MillraceError, type WireError, withDeadline } from '@millrace/api';

/** Where messages go to and come from: a message port, a thread, or the port to a thread's parent. */
export interface MessageEndpoint {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  off(event: 'message', listener: (message: unknown) => void): unknown;
}

/** The parameters of a method in a map of methods, which says what one side can be asked. */
export type ParamsOf<M, K extends keyof M> = M[K] extends (params: infer P) => unknown ? P : never;
export type ResultOf<M, K extends keyof M> = M[K] extends (params: never) => infer R ? R : never;

/** What answers: one handler for each method. The signal is aborted when nobody waits for the answer any more. */
export type Handlers<M> = {
  readonly [K in keyof M]: (params: ParamsOf<M, K>, signal: AbortSignal) => ResultOf<M, K> | Promise<ResultOf<M, K>>;
};

export interface RequestOptions {
  readonly milliseconds: number;
  /** As it reads in the error: `connector a to make its tasks`. */
  readonly waitingFor: string;
  readonly signal?: AbortSignal | undefined;
}

type Message =
  | { readonly type: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly type: 'notice'; readonly method: string; readonly params: unknown }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError };

/** More than a thousand tasks ever have under way together. */
const mostPending = 10_000;

/**
 * Calls to the other side of an endpoint (`Remote`) and from it (`Local`). Messages are plain data; errors keep their
 * kind, code and cause. Every request has a deadline.
 */
export class Channel<Remote, Local> {
  readonly #endpoint: MessageEndpoint;
  readonly #handlers: Handlers<Local>;
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #serving = new Map<number, AbortController>();
  readonly #receive = (message: unknown): void => this.#handle(message as Message);
  #nextId = 0;
  #closed: Error | undefined;

  constructor(endpoint: MessageEndpoint, handlers: Handlers<Local>) {
    this.#endpoint = endpoint;
    this.#handlers = handlers;
    endpoint.on('message', this.#receive);
  }

  /** @throws TimeoutError at the deadline, and then the other side is told that nobody waits. */
  async request<K extends keyof Remote & string>(
    method: K,
    params: ParamsOf<Remote, K>,
    options: RequestOptions,
  ): Promise<ResultOf<Remote, K>> {
    if (this.#closed !== undefined) throw this.#closed;
    if (this.#pending.size >= mostPending) {
      throw new MillraceError(`${mostPending} calls wait for an answer already; ${method} was not asked.`, {
        code: 'TOO_MANY_CALLS',
      });
    }
    const id = this.#nextId++;
    const answer = Promise.withResolvers<unknown>();
    this.#pending.set(id, answer);
    try {
      const value = await withDeadline(options, (signal) => {
        signal.addEventListener('abort', () => this.#abandon(id), { once: true });
        this.#post({ type: 'request', id, method, params });
        return answer.promise;
      });
      return value as ResultOf<Remote, K>;
    } finally {
      this.#pending.delete(id);
    }
  }

  /** Tells without waiting for an answer. Nothing is told once the channel is closed. */
  notify<K extends keyof Remote & string>(method: K, params: ParamsOf<Remote, K>): void {
    if (this.#closed === undefined) this.#post({ type: 'notice', method, params });
  }

  /** Ends every call under way with that reason, on both sides of it; later ones too. */
  close(reason: Error): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#endpoint.off('message', this.#receive);
    for (const answer of this.#pending.values()) answer.reject(reason);
    for (const controller of this.#serving.values()) controller.abort(reason);
    this.#pending.clear();
    this.#serving.clear();
  }

  #post(message: Message): void {
    this.#endpoint.postMessage(message);
  }

  #abandon(id: number): void {
    if (this.#closed === undefined && this.#pending.has(id)) this.#post({ type: 'cancel', id });
  }

  #handle(message: Message): void {
    switch (message.type) {
      case 'request':
        void this.#serve(message.id, message.method, message.params);
        return;
      case 'notice':
        void this.#call(message.method, message.params, new AbortController().signal).catch(() => undefined);
        return;
      case 'cancel':
        this.#serving.get(message.id)?.abort(new MillraceError('The caller no longer waits.', { code: 'CANCELLED' }));
        return;
      case 'result':
        this.#pending.get(message.id)?.resolve(message.value);
        return;
      case 'error':
        this.#pending.get(message.id)?.reject(errorFromWire(message.error));
        return;
    }
  }

  async #serve(id: number, method: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    this.#serving.set(id, controller);
    try {
      const value = await this.#call(method, params, controller.signal);
      if (this.#closed === undefined) this.#post({ type: 'result', id, value });
    } catch (error) {
      if (this.#closed === undefined) this.#post({ type: 'error', id, error: errorToWire(error) });
    } finally {
      this.#serving.delete(id);
    }
  }

  async #call(method: string, params: unknown, signal: AbortSignal): Promise<unknown> {
    if (!Object.hasOwn(this.#handlers, method)) throw new MillraceError(`There is no call ${method}.`);
    const handler = this.#handlers[method as keyof Local] as (params: unknown, signal: AbortSignal) => unknown;
    return await handler(params, signal);
  }
}
