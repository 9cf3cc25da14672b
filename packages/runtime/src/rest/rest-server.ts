import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { MillraceError } from '@millrace/api';
import type { Herder } from '../herder/herder.ts';
import type { LogLine } from '../host/host-messages.ts';
import { connectorRoutes } from './connector-routes.ts';
import { readCorsRules } from './cors.ts';
import { parseHeaderRules } from './header-rules.ts';
import { type Listener, readListeners } from './listeners.ts';
import { pluginRoutes } from './plugin-routes.ts';
import { handleRest, type RestHandlerOptions } from './rest-handler.ts';
import { type Route, Router } from './route.ts';
import { readServerTls } from './server-tls.ts';
import { adminRoutes, workerRoutes } from './worker-routes.ts';

export interface RestServerOptions {
  /** The worker's: `listeners`, `admin.listeners`, `access.control.allow.*`, `response.http.headers.config`, `ssl.*`. */
  readonly properties: Readonly<Record<string, string>>;
  /** How long a request may take; 90 s when left out. */
  readonly timeoutMs?: number | undefined;
  /** How long the end waits for requests under way; 60 s when left out. */
  readonly closeMs?: number | undefined;
  /** 8 MiB when left out. */
  readonly mostBodyBytes?: number | undefined;
  /** 16 KiB when left out. */
  readonly mostHeaderBytes?: number | undefined;
  readonly log?: ((line: LogLine) => void) | undefined;
}

type AnyServer = Server | SecureServer;

interface Bound {
  readonly listener: Listener;
  readonly server: AnyServer;
  readonly isAdmin: boolean;
}

const mebibyte = 1024 * 1024;
const idleMs = 90_000;

/**
 * Binds the addresses. Until a herder is served every request is answered with 503.
 *
 * @throws ConfigError for addresses or keys that are wrong, and MillraceError for an address that is taken; then none is bound.
 */
export async function startRestServer(options: RestServerOptions): Promise<RestServer> {
  const { properties } = options;
  const { regular, admin } = readListeners(properties);
  const server = new RestServer(options, admin === undefined);
  try {
    for (const listener of regular) await server.bind(listener, false);
    for (const listener of admin ?? []) await server.bind(listener, true);
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** The worker's REST interface. */
export class RestServer {
  readonly #options: RestServerOptions;
  readonly #isAdminRegular: boolean;
  readonly #bound: Bound[] = [];
  readonly #underWay = new Set<ServerResponse>();
  readonly #shared: Omit<RestHandlerOptions, 'router' | 'protocol' | 'stage'>;
  #herder: Herder | undefined;
  #regular: Router = new Router([]);
  #admin: Router = new Router([]);
  #closing: Promise<void> | undefined;

  constructor(options: RestServerOptions, isAdminRegular: boolean) {
    const { properties, timeoutMs = 90_000, mostBodyBytes = 8 * mebibyte } = options;
    this.#options = options;
    this.#isAdminRegular = isAdminRegular;
    this.#shared = {
      cors: readCorsRules(properties),
      headerRules: parseHeaderRules(properties['response.http.headers.config'] ?? ''),
      timeoutMs,
      mostBodyBytes,
      failed: (request, error) => this.#log(request, error),
    };
  }

  /** `http://host:port` of each regular listener. */
  get urls(): readonly string[] {
    return this.#bound
      .filter(({ isAdmin }) => !isAdmin)
      .map((bound) => `${bound.listener.protocol}://${this.#address(bound)}`);
  }

  /** As {@link urls}, of the listeners for `/admin` alone. */
  get adminUrls(): readonly string[] {
    return this.#bound
      .filter(({ isAdmin }) => isAdmin)
      .map((bound) => `${bound.listener.protocol}://${this.#address(bound)}`);
  }

  /** How others reach this worker: `rest.advertised.*`, else the first listener. */
  get workerId(): string {
    const { properties } = this.#options;
    const regular = this.#bound.filter(({ isAdmin }) => !isAdmin);
    const wanted = properties['rest.advertised.listener']?.trim().toLowerCase();
    const chosen = regular.find(({ listener }) => listener.protocol === wanted) ?? regular[0];
    const [host, port] = chosen === undefined ? ['localhost', 0] : [hostOf(chosen), portOf(chosen)];
    return `${bracketed(properties['rest.advertised.host.name'] ?? host)}:${properties['rest.advertised.port'] ?? port}`;
  }

  /** From now on requests are answered by this herder. */
  serve(herder: Herder, more: readonly Route[] = []): void {
    const admin = adminRoutes(herder);
    const regular = [...workerRoutes(herder), ...connectorRoutes(herder), ...pluginRoutes(herder), ...more];
    this.#regular = new Router(this.#isAdminRegular ? [...regular, ...admin] : regular);
    this.#admin = new Router(admin);
    this.#herder = herder;
  }

  async bind(listener: Listener, isAdmin: boolean): Promise<void> {
    const { properties, mostHeaderBytes = 16_384 } = this.#options;
    const limits = {
      maxHeaderSize: mostHeaderBytes,
      requestTimeout: this.#shared.timeoutMs,
      keepAliveTimeout: idleMs,
    };
    const server =
      listener.protocol === 'http'
        ? createServer(limits)
        : createSecureServer({
            ...limits,
            ...readServerTls(properties, isAdmin ? 'admin.listeners.https.' : 'listeners.https.'),
          });
    server.on('request', (request, response) => {
      this.#underWay.add(response);
      response.on('close', () => this.#underWay.delete(response));
      const { protocol } = listener;
      if (this.#herder === undefined) {
        refuse(response);
        return;
      }
      const herder = this.#herder;
      const router = isAdmin ? this.#admin : this.#regular;
      void handleRest({ ...this.#shared, router, protocol, stage: () => herder.stage }, request, response);
    });
    server.on('clientError', answerUnreadable);
    await listening(server, listener);
    this.#bound.push({ listener, server, isAdmin });
  }

  /** Takes no more requests, waits for those under way, and ends. Twice is harmless. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      const { closeMs = 60_000 } = this.#options;
      const timer = setTimeout(() => {
        for (const { server } of this.#bound) server.closeAllConnections();
      }, closeMs);
      // Else their connections are kept for requests to come.
      for (const response of this.#underWay) if (!response.headersSent) response.setHeader('Connection', 'close');
      await Promise.all(
        this.#bound.map(({ server }) => {
          const closed = new Promise<void>((resolve) => server.close(() => resolve()));
          server.closeIdleConnections();
          return closed;
        }),
      );
      clearTimeout(timer);
    })();
    return this.#closing;
  }

  #address(bound: Bound): string {
    return `${bracketed(hostOf(bound))}:${portOf(bound)}`;
  }

  #log(request: string, error: unknown): void {
    const message = `The answer to ${request} is an error: ${error instanceof Error ? error.message : String(error)}`;
    this.#options.log?.({ level: 'error', message, fields: {} });
  }
}

const loopback = '127.0.0.1';

function listening(server: AnyServer, { host, port, protocol }: Listener): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === 'EADDRINUSE' ? 'it is taken by another process' : cause.message;
      const text = `The REST server cannot listen on ${protocol}://${host}:${port}: ${reason}. Name another address in listeners.`;
      reject(new MillraceError(text, { code: 'LISTEN', cause }));
    });
    server.listen(port, host === '' ? loopback : host, () => {
      server.removeAllListeners('error');
      // A server that listens has no errors of its own left but those of accepting a connection.
      server.on('error', () => undefined);
      resolve();
    });
  });
}

/** What a listener on all addresses is reached by is this machine. */
function hostOf({ listener }: Bound): string {
  return ['', '0.0.0.0', '::'].includes(listener.host) ? loopback : listener.host;
}

function portOf({ server }: Bound): number {
  return (server.address() as AddressInfo).port;
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

function refuse(response: ServerResponse): void {
  const body = JSON.stringify({ error_code: 503, message: 'The worker is still starting up.' });
  response.writeHead(503, { 'Content-Type': 'application/json' }).end(body);
}

/** What is no HTTP, or has headers that are too long, is told so in JSON too. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const tooLong = error.code === 'HPE_HEADER_OVERFLOW';
  const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const [status, reason] = tooLong
    ? [431, 'Request Header Fields Too Large']
    : late
      ? [408, 'Request Timeout']
      : [400, 'Bad Request'];
  const body = JSON.stringify({ error_code: status, message: `HTTP ${status} ${reason}` });
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
