import { createServer, type Server, type Socket } from 'node:net';
import {
  type AnyApi,
  type Api,
  type ApiLayout,
  apiVersions,
  decodeRequestHeader,
  encodeResponse,
  FrameSplitter,
  metadata,
  type Request,
  type ResponseInput,
} from '@millrace/protocol';

interface Seen {
  readonly name: string;
  readonly at: number;
  readonly request: unknown;
}

interface Answering {
  respond(frame: Buffer): Promise<Uint8Array[]>;
}

/** A broker that says what a test wants it to: several of them make a cluster with one topic `t` of one partition. */
export class ScriptedBroker {
  readonly node: number;
  readonly seen: Seen[] = [];
  /** How many clients have connected so far. */
  connections = 0;
  readonly #answers = new Map<number, Answering>();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(node: number) {
    this.node = node;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  on<Layout extends ApiLayout>(
    api: Api<Layout>,
    answer: (
      request: Request<Api<Layout>>,
      broker: ScriptedBroker,
    ) => ResponseInput<Api<Layout>> | Promise<ResponseInput<Api<Layout>>>,
  ): void {
    this.#answers.set(api.key, {
      respond: async (frame) => {
        const { apiVersion, correlationId, body } = decodeRequestHeader(frame);
        const request = api.request.decode(apiVersion, body);
        this.seen.push({ name: api.name, at: Date.now(), request });
        return encodeResponse(api, apiVersion, correlationId, await answer(request, this));
      },
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.connections++;
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    const splitter = new FrameSplitter({ maxFrameBytes: 1_000_000 });
    socket.on('data', (bytes: Buffer) => {
      splitter.push(bytes);
      for (let frame = splitter.next(); frame !== null; frame = splitter.next()) void this.#answer(socket, frame);
    });
  }

  async #answer(socket: Socket, frame: Buffer): Promise<void> {
    const { apiKey } = decodeRequestHeader(frame);
    const found = this.#answers.get(apiKey);
    if (found === undefined) throw new Error(`nobody said what to answer to API ${apiKey}`);
    for (const piece of await found.respond(frame)) socket.write(piece);
  }
}

/** So many brokers, of which the first leads the partition. */
export async function scriptedCluster(count: number, apis: readonly AnyApi[]): Promise<ScriptedBroker[]> {
  const brokers = Array.from({ length: count }, (_, node) => new ScriptedBroker(node));
  await Promise.all(brokers.map((broker) => broker.listen()));
  const apiKeys = [apiVersions, metadata, ...apis].map(({ key, minVersion, maxVersion }) => ({
    apiKey: key,
    minVersion,
    maxVersion,
  }));
  const replicaNodes = brokers.map(({ node }) => node);
  for (const broker of brokers) {
    broker.on(apiVersions, () => ({ errorCode: 0, apiKeys }));
    broker.on(metadata, () => ({
      brokers: brokers.map(({ node, port }) => ({ nodeId: node, host: '127.0.0.1', port })),
      clusterId: 'scripted',
      controllerId: 0,
      topics: [
        {
          errorCode: 0,
          name: 't',
          topicId: 'AAAAAAAAAAAAAAAAAAAAAQ',
          partitions: [
            { errorCode: 0, partitionIndex: 0, leaderId: 0, leaderEpoch: 5, replicaNodes, isrNodes: replicaNodes },
          ],
        },
      ],
    }));
  }
  return brokers;
}
