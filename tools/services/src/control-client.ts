import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { errorFromWire, type WireError } from './errors.ts';
import type { InstanceAction, InstanceSummary, StartRequest } from './service-hub.ts';

export type ControlCall =
  | { readonly do: 'start'; readonly request: StartRequest }
  | { readonly do: 'list' }
  | { readonly do: InstanceAction; readonly id: string; readonly process?: string | undefined };

export type ControlAnswer = { readonly value: readonly InstanceSummary[] } | { readonly error: WireError };

/** What callers need of a hub, wherever it is. */
export interface HubPort {
  start(request: StartRequest): Promise<InstanceSummary>;
  act(id: string, action: InstanceAction, process?: string): Promise<void>;
}

/** A hub in another process. */
export class ControlClient implements HubPort {
  readonly #address: string;

  /** `address` is that of a `ControlServer`. */
  constructor(address: string) {
    this.#address = address;
  }

  async start(request: StartRequest): Promise<InstanceSummary> {
    const [summary] = await this.#call({ do: 'start', request });
    return summary!;
  }

  async act(id: string, action: InstanceAction, process?: string): Promise<void> {
    await this.#call({ do: action, id, process });
  }

  list(): Promise<readonly InstanceSummary[]> {
    return this.#call({ do: 'list' });
  }

  /** Without a time limit of its own: a start may include an installation, and the hub bounds everything it does. */
  async #call(call: ControlCall): Promise<readonly InstanceSummary[]> {
    const [host, port, token] = this.#address.split(':');
    const request = httpRequest({ host, port, method: 'POST', headers: { authorization: token }, agent: false });
    request.end(JSON.stringify(call));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const body = await text(response);
    if (response.statusCode !== 200) throw new Error(`the owner of the services answered ${response.statusCode}`);
    const answer = JSON.parse(body) as ControlAnswer;
    if ('error' in answer) throw errorFromWire(answer.error);
    return answer.value;
  }
}
