import type { IncomingMessage, ServerResponse } from 'node:http';
import { printJson, withDeadline } from '@millrace/api';
import { type CorsRules, corsHeaders, preflightHeaders } from './cors.ts';
import { type HeaderRule, headersOf } from './header-rules.ts';
import { errorBody, HttpError, statusOf } from './rest-errors.ts';
import { RestRequest } from './rest-request.ts';
import type { Method, RestAnswer, Route, Router } from './route.ts';

export interface RestHandlerOptions {
  readonly router: Router;
  readonly cors: CorsRules;
  readonly headerRules: readonly HeaderRule[];
  readonly timeoutMs: number;
  readonly mostBodyBytes: number;
  /** What the worker does, for whoever waits in vain. */
  readonly stage: () => string;
  /** Hears of answers that say that something is wrong with the worker. */
  readonly failed: (request: string, error: unknown) => void;
  readonly protocol: 'http' | 'https';
}

/** Answers one request: finds its route, reads its body, and prints what the route gives. Never throws. */
export async function handleRest(
  options: RestHandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { headerRules, cors } = options;
  for (const [name, values] of headersOf(headerRules, Date.now())) response.setHeader(name, [...values]);
  for (const [name, value] of Object.entries(corsHeaders(cors, request.headers.origin)))
    response.setHeader(name, value);
  let answer: RestAnswer;
  try {
    answer = await answerTo(options, request);
  } catch (error) {
    const status = statusOf(error);
    if (status >= 500) options.failed(`${request.method} ${request.url}`, error);
    answer = { status, body: errorBody(error) };
    // The rest of a body that nobody reads: the connection is of no more use.
    if (status === 413) response.setHeader('Connection', 'close');
  }
  if (!request.complete) request.resume();
  send(response, answer, request.method === 'HEAD');
}

async function answerTo(options: RestHandlerOptions, request: IncomingMessage): Promise<RestAnswer> {
  const { router, cors, protocol } = options;
  const { path, query } = split(request.url ?? '');
  const { methods, parameters } = decoded(() => router.match(path));
  if (methods.size === 0) throw new HttpError(404, 'HTTP 404 Not Found');
  if (request.method === 'OPTIONS') return optionsAnswer(methods, cors, request);
  const route = methods.get((request.method === 'HEAD' ? 'GET' : request.method) as Method);
  if (route === undefined) throw new HttpError(405, 'HTTP 405 Method Not Allowed');
  if (!acceptsJson(request.headers.accept)) throw new HttpError(406, 'HTTP 406 Not Acceptable');
  const body = route.takesBody === true ? await readBody(request, options.mostBodyBytes) : '';
  const origin = `${protocol}://${request.headers.host ?? 'localhost'}`;
  return await inTime(options, route, new RestRequest({ parameters, query, body, origin }));
}

async function inTime(
  { timeoutMs, stage }: RestHandlerOptions,
  route: Route,
  request: RestRequest,
): Promise<RestAnswer> {
  let late = false;
  try {
    return await withDeadline({ waitingFor: 'the worker to answer', milliseconds: timeoutMs }, (signal) => {
      signal.addEventListener('abort', () => {
        late = true;
      });
      return route.handle(request);
    });
  } catch (error) {
    throw late ? new HttpError(500, `Request timed out. ${stage()}`) : error;
  }
}

function split(url: string): { readonly path: string; readonly query: URLSearchParams } {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  if (!path.startsWith('/')) throw new HttpError(400, 'The path of a request must begin with a slash.');
  if (/%2f/i.test(path))
    throw new HttpError(400, 'Ambiguous URI path separator: a name with a slash cannot be reached.');
  return { path, query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)) };
}

function decoded<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new HttpError(400, 'The path of the request has an escape that is none: write % as %25.');
  }
}

const order = ['HEAD', 'DELETE', 'POST', 'GET', 'PUT', 'PATCH', 'OPTIONS'];

function optionsAnswer(methods: ReadonlyMap<Method, Route>, cors: CorsRules, request: IncomingMessage): RestAnswer {
  const { origin, 'access-control-request-method': wanted } = request.headers;
  const preflight = wanted === undefined ? undefined : preflightHeaders(cors, origin);
  if (preflight !== undefined) return { status: 200, headers: preflight };
  const has = (method: string) => method === 'OPTIONS' || methods.has((method === 'HEAD' ? 'GET' : method) as Method);
  const allowed = order.filter(has);
  return { status: 200, body: allowed.join(', '), headers: { Allow: allowed.join(','), 'Content-Type': 'text/plain' } };
}

function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  return accept.split(',').some((range) => /^\s*(\*\/\*|application\/(\*|json|[\w.]+\+json))\s*(;|$)/i.test(range));
}

/** @throws HttpError for a body that is no JSON by its type, or too long. */
async function readBody(request: IncomingMessage, mostBytes: number): Promise<string> {
  const { 'content-length': length, 'content-type': type = '', 'transfer-encoding': encoding } = request.headers;
  if ((length === undefined || length === '0') && encoding === undefined) return '';
  if (!/^application\/json\s*(;|$)/i.test(type)) throw new HttpError(415, 'HTTP 415 Unsupported Media Type');
  const tooLong = () => new HttpError(413, `The body of the request is longer than ${mostBytes} bytes.`);
  if (Number(length) > mostBytes) throw tooLong();
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw tooLong();
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof HttpError ? error : new HttpError(400, 'The body of the request broke off.');
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, { status, body, headers = {} }: RestAnswer, isHead: boolean): void {
  if (response.headersSent || response.destroyed) return;
  const isText = headers['Content-Type'] === 'text/plain';
  const text = body === undefined ? '' : isText ? (body as string) : printJson(body);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body !== undefined && !isText) response.setHeader('Content-Type', 'application/json');
  response.statusCode = status;
  if (status !== 204) response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(isHead || status === 204 ? undefined : text);
}
