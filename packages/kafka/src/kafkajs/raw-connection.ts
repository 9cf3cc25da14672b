import { createRequire } from 'node:module';
import { connect, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { asKafkaError, KafkaError, networkError, timeoutError } from '../errors.ts';
import type { KafkaLog } from '../settings/log.ts';
import type { SaslSettings } from '../settings/sasl.ts';
import type { TlsSettings } from '../settings/tls.ts';
import { tokenAuthenticator } from './oauth-bearer.ts';
import { ReceiveBuffer } from './receive-buffer.ts';

export interface RawConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly clientId: string;
  readonly tls: TlsSettings | undefined;
  readonly sasl: SaslSettings | undefined;
  readonly connectTimeoutMs: number;
  readonly log: KafkaLog;
  /** Whatever arrives, except while the connection authenticates itself. */
  readonly onData: (bytes: Buffer) => void;
  /** Called once, when the connection is gone, whoever ended it. */
  readonly onClose: (error: KafkaError) => void;
}

/** A connected socket that carries bytes. */
export interface RawConnection {
  readonly address: string;
  write(pieces: readonly Uint8Array[]): void;
  /** Authenticates by SASL; nothing else may be on its way. Answers with the session's lifetime, 0 for no limit. */
  authenticate(versions: ApiVersionTable, timeoutMs: number): Promise<number>;
  /** Ends it at once. Calling it twice is harmless. */
  destroy(): void;
}

/** The versions of each API key that a broker accepts. */
export type ApiVersionTable = Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>>;

/** The parts of kafkajs' connection (2.2.4, pinned) that are used. The contract test checks that they are there. */
interface DriverConnection {
  socket?: Socket;
  readonly requestQueue: { scheduleCheckPendingRequests: () => void; destroy: () => void };
  readonly sessionLifetime: { toNumber?: () => number; toString: () => string };
  processData: (bytes: Buffer) => void;
  connect(): Promise<unknown>;
  authenticate(): Promise<void>;
  setVersions(versions: ApiVersionTable): void;
  setSupportAuthenticationProtocol(supported: boolean): void;
}

interface DriverLogger {
  namespace(): DriverLogger;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

type DriverConnectionClass = new (options: Record<string, unknown>) => DriverConnection;

const require = createRequire(import.meta.url);
const saslAuthenticateKey = 36;
const keepAliveDelayMs = 60_000;

/**
 * Opens a socket by kafkajs, which also speaks TLS and SASL. From then on the bytes are ours: kafkajs' own request
 * queue, with its timers, stays empty.
 */
export async function openRawConnection(options: RawConnectionOptions): Promise<RawConnection> {
  const { host, port, connectTimeoutMs } = options;
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const Connection = require('kafkajs/src/network/connection.js') as DriverConnectionClass;
  const driver: DriverConnection = new Connection({
    host,
    port,
    clientId: options.clientId,
    logger: driverLogger(options.log, address),
    socketFactory: socketFactory((bytes) => driver.processData(bytes)),
    ssl: options.tls ?? null,
    sasl: driverSasl(options.sasl),
    connectionTimeout: connectTimeoutMs,
    requestTimeout: connectTimeoutMs,
    enforceRequestTimeout: false,
  });
  // It arms a timer of one millisecond over and over, also when there is nothing to check.
  driver.requestQueue.scheduleCheckPendingRequests = () => undefined;
  const processHandshake = driver.processData.bind(driver);
  driver.processData = options.onData;

  let failure: KafkaError | undefined;
  const { promise: closed, reject } = Promise.withResolvers<never>();
  closed.catch(() => undefined);
  const connecting = driver.connect();
  const socket = driver.socket;
  if (socket === undefined) {
    await connecting;
    throw networkError(`${address} cannot be connected to`);
  }
  socket.once('error', (error) => {
    failure ??= connectionFailure(address, error);
  });
  let opened = false;
  socket.once('close', () => {
    driver.requestQueue.destroy();
    const error = failure ?? networkError(`${address} closed the connection`);
    reject(error);
    if (opened) options.onClose(error);
  });
  try {
    await within(Promise.race([connecting, closed]), connectTimeoutMs, `Connecting to ${address}`);
  } catch (error) {
    failure ??= KafkaError.isInstance(error) ? error : connectionFailure(address, error);
    socket.destroy();
    throw failure;
  }
  opened = true;
  socket.setNoDelay(true);
  return {
    address,
    write(pieces) {
      if (socket.destroyed) return;
      socket.cork();
      for (const piece of pieces) socket.write(piece);
      socket.uncork();
    },
    async authenticate(versions, timeoutMs) {
      driver.setVersions(versions);
      driver.setSupportAuthenticationProtocol(versions[saslAuthenticateKey] !== undefined);
      driver.processData = processHandshake;
      try {
        await within(Promise.race([driver.authenticate(), closed]), timeoutMs, `Authenticating with ${address}`);
      } catch (error) {
        throw authenticationFailure(address, error);
      } finally {
        driver.processData = options.onData;
        driver.requestQueue.destroy();
      }
      return Number(driver.sessionLifetime.toString());
    },
    destroy() {
      failure ??= networkError(`the connection to ${address} was closed`);
      socket.destroy();
    },
  };
}

interface SocketRequest {
  readonly host: string;
  readonly port: number;
  readonly ssl: TlsSettings | null;
  readonly onConnect: () => void;
}

/** As the one of kafkajs, but for the buffers that it receives into. */
function socketFactory(onData: (bytes: Buffer) => void): (request: SocketRequest) => Socket {
  return ({ host, port, ssl, onConnect }) => {
    const buffer = new ReceiveBuffer(onData);
    const onread = {
      buffer: () => buffer.free,
      callback: (count: number) => {
        buffer.received(count);
        return true;
      },
    };
    const address = { host, port, onread };
    const socket = ssl === null ? connect(address, onConnect) : connectSecurely(address, ssl, onConnect);
    socket.setKeepAlive(true, keepAliveDelayMs);
    return socket;
  };
}

function connectSecurely(address: TcpNetConnectOpts, ssl: TlsSettings, onConnect: () => void): Socket {
  // It takes megabytes, so it is loaded only where it is needed.
  const tls = require('node:tls') as typeof import('node:tls');
  const host = address.host ?? '';
  const server = isIP(host) === 0 ? { servername: host } : {};
  return tls.connect({ ...address, ...server, ...ssl }, onConnect);
}

async function within<Value>(work: Promise<Value>, milliseconds: number, what: string): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(timeoutError(what, milliseconds)), milliseconds);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function driverSasl(sasl: SaslSettings | undefined): Record<string, unknown> | null {
  if (sasl === undefined) return null;
  if (sasl.mechanism !== 'OAUTHBEARER') return { ...sasl };
  return { mechanism: sasl.mechanism, authenticationProvider: tokenAuthenticator(sasl) };
}

/** What kafkajs calls errors and warnings reaches the caller as a rejection, so here it is only detail. */
function driverLogger(log: KafkaLog, address: string): DriverLogger {
  const detail = (message: string): void => log('debug', `${address}: ${message}`);
  const logger: DriverLogger = {
    namespace: () => logger,
    debug: () => undefined,
    info: detail,
    warn: detail,
    error: detail,
  };
  return logger;
}

/** Certificates that do not fit never will; anything else on the way to a broker may pass. */
function connectionFailure(address: string, error: unknown): KafkaError {
  const cause = asKafkaError(error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const message = cause.message.replace(/^Connection error: /, '');
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_SSL|ERR_TLS|EPROTO/.test(code)) {
    return new KafkaError('SSL_AUTHENTICATION_FAILED', `TLS with ${address} failed: ${message} (${code})`, {
      cause: error,
    });
  }
  return networkError(`${address} cannot be reached: ${message}`, error);
}

function authenticationFailure(address: string, error: unknown): KafkaError {
  if (KafkaError.isInstance(error) && error.code !== 'NETWORK_EXCEPTION') return error;
  const name = error instanceof Error ? error.name : '';
  if (name === 'KafkaJSConnectionError' || name === 'KafkaJSConnectionClosedError' || KafkaError.isInstance(error)) {
    return networkError(`${address} closed the connection while authenticating`, error);
  }
  const message = asKafkaError(error).message;
  return new KafkaError('SASL_AUTHENTICATION_FAILED', `Authenticating with ${address} failed: ${message}`, {
    cause: error,
  });
}
