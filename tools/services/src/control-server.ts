import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ControlAnswer, ControlCall } from './control-client.ts';
import { HOST } from './definition.ts';
import { errorToWire } from './errors.ts';
import type { ServiceHub } from './service-hub.ts';

export interface ControlServer {
  /** For `ControlClient`; contains the token that callers must know. */
  readonly address: string;
  close(): Promise<void>;
}

/** Lets other processes of this user ask for services. */
export async function serveControl(hub: ServiceHub): Promise<ControlServer> {
  const token = randomBytes(24).toString('hex');
  const server = createServer((request, response) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    const isAllowed = given.length === token.length && timingSafeEqual(given, Buffer.from(token));
    if (!isAllowed) {
      response.writeHead(401).end();
      return;
    }
    text(request)
      .then((body) => answerTo(hub, body))
      .then(
        (answer) => response.end(JSON.stringify(answer)),
        () => response.destroy(),
      );
  });
  server.unref();
  server.listen({ host: HOST, port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `${HOST}:${port}:${token}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerTo(hub: ServiceHub, body: string): Promise<ControlAnswer> {
  try {
    const call = JSON.parse(body) as ControlCall;
    if (call.do === 'start') return { value: [await hub.start(call.request)] };
    if (call.do === 'list') return { value: hub.list() };
    await hub.act(call.id, call.do, call.process);
    return { value: [] };
  } catch (error) {
    return { error: errorToWire(error) };
  }
}
