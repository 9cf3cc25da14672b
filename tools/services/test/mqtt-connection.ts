import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

interface Packet {
  readonly type: number;
  readonly body: Buffer;
}

/** Just enough of MQTT 3.1.1 to publish and receive one short message. */
export class MqttConnection {
  readonly #socket: Socket;
  readonly #packets: AsyncGenerator<Packet>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#packets = readPackets(socket);
  }

  /** The server's return code is in `returnCode`: 0 is accepted, 5 is not authorised. */
  static async open(
    url: string,
    user: string,
    password: string,
    caFile?: string,
  ): Promise<{ connection: MqttConnection; returnCode: number }> {
    const { hostname: host, port } = new URL(url);
    const secure =
      caFile === undefined ? undefined : connectTls({ host, port: Number(port), ca: await readFile(caFile) });
    const socket = secure ?? connectTcp({ host, port: Number(port) });
    await once(socket, secure === undefined ? 'connect' : 'secureConnect');
    const connection = new MqttConnection(socket);
    const CLEAN_USER_PASSWORD = 0xc2;
    const header = Buffer.concat([text('MQTT'), Buffer.from([4, CLEAN_USER_PASSWORD, 0, 60])]);
    connection.#send(0x10, Buffer.concat([header, text('test-client'), text(user), text(password)]));
    const { body } = await connection.#receive(2);
    return { connection, returnCode: body[1]! };
  }

  /** Retained, quality of service 1; resolves when acknowledged. */
  async publishRetained(topic: string, message: string): Promise<void> {
    this.#send(0x33, Buffer.concat([text(topic), Buffer.from([0, 1]), Buffer.from(message)]));
    await this.#receive(4);
  }

  /** Subscribes and returns the first message. */
  async firstMessage(topic: string): Promise<string> {
    this.#send(0x82, Buffer.concat([Buffer.from([0, 2]), text(topic), Buffer.from([0])]));
    const { body } = await this.#receive(3);
    return body.subarray(2 + body.readUInt16BE(0)).toString();
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(firstByte: number, body: Buffer): void {
    if (body.length > 127) throw new Error('only short packets');
    this.#socket.write(Buffer.concat([Buffer.from([firstByte, body.length]), body]));
  }

  async #receive(type: number): Promise<Packet> {
    for (;;) {
      const { value, done } = await this.#packets.next();
      if (done) throw new Error('the server closed the connection');
      if (value.type === type) return value;
    }
  }
}

async function* readPackets(socket: Socket): AsyncGenerator<Packet> {
  let buffered = Buffer.alloc(0);
  for await (const chunk of socket) {
    buffered = Buffer.concat([buffered, chunk as Buffer]);
    while (buffered.length >= 2 && buffered.length >= 2 + buffered[1]!) {
      const end = 2 + buffered[1]!;
      yield { type: buffered[0]! >> 4, body: buffered.subarray(2, end) };
      buffered = buffered.subarray(end);
    }
  }
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}
