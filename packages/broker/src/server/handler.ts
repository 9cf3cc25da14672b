import type { AnyApi, Api, ApiLayout, ByteReader, Request, ResponseInput } from '@millrace/protocol';
import { encodeResponse } from '@millrace/protocol';
import type { BrokerState } from '../broker-state.ts';
import type { SaslSession } from './sasl-session.ts';

/** What a handler may know besides the request. */
export interface RequestContext {
  readonly broker: BrokerState;
  readonly apiVersion: number;
  readonly clientId: string;
  /** Where the client is, as Kafka prints it: `/127.0.0.1`. */
  readonly clientHost: string;
  /** Where this client reaches the broker. */
  readonly advertised: { readonly host: string; readonly port: number };
  readonly sasl: SaslSession;
  /** Aborted when the connection is gone. */
  readonly signal: AbortSignal;
  /** Ends the connection when the response, if there is one, has been sent. */
  disconnect(): void;
}

/** `null`: the client does not wait for a response. */
type Answer<A extends { readonly layout: ApiLayout }> = ResponseInput<A> | null;

/** One API as this broker serves it. */
export interface Handler {
  readonly api: AnyApi;
  /** Decodes a request, answers it and encodes the response, with its length in front; `null`: there is none. */
  serve(
    body: ByteReader,
    correlationId: number,
    context: RequestContext,
  ): Promise<Uint8Array[] | null> | Uint8Array[] | null;
}

/** Makes a handler of a function from a request to its response. */
export function defineHandler<Layout extends ApiLayout>(
  api: Api<Layout>,
  handle: (
    request: Request<Api<Layout>>,
    context: RequestContext,
  ) => Answer<Api<Layout>> | Promise<Answer<Api<Layout>>>,
): Handler {
  return {
    api,
    serve(body, correlationId, context) {
      const request = api.request.decode(context.apiVersion, body);
      const encode = (answer: Answer<Api<Layout>>): Uint8Array[] | null =>
        answer === null ? null : encodeResponse(api, context.apiVersion, correlationId, answer);
      const answer = handle(request, context);
      return answer instanceof Promise ? answer.then(encode) : encode(answer);
    },
  };
}
