/** A connector (`name#-1`) or one of its tasks (`name#0`). */
export type Work = `${string}#${number}`;

export interface ConnectAssignment {
  readonly error: number;
  readonly leader: string;
  readonly leaderUrl: string;
  /** Up to where the leader has read the config topic. */
  readonly offset: number;
  /** What is new; with what is held already, in a member's metadata. */
  readonly assigned: readonly Work[];
  readonly revoked: readonly Work[];
  readonly delay: number;
}

export interface ConnectMetadata {
  readonly url: string;
  readonly offset: number;
  /** What the member holds. */
  readonly allocation: ConnectAssignment | null;
}

/** The versions on the wire of Connect's ways to share out that move only what has to move. */
export const protocolVersions = { sessioned: 2, compatible: 1 } as const;
export type ConnectProtocol = keyof typeof protocolVersions;

export function encodeMetadata(protocol: ConnectProtocol, { url, offset, allocation }: ConnectMetadata): Buffer {
  const bytes = allocation === null ? null : encodeAssignment(protocol, allocation);
  const length = int32(bytes?.length ?? -1);
  return Buffer.concat([int16(protocolVersions[protocol]), text(url), int64(offset), length, bytes ?? Buffer.alloc(0)]);
}

export function decodeMetadata(bytes: Buffer): ConnectMetadata {
  const cursor = new Cursor(bytes);
  cursor.int16();
  const [url, offset, length] = [cursor.text(), cursor.int64(), cursor.int32()];
  return { url, offset, allocation: length < 0 ? null : decodeAssignment(cursor.bytes(length)) };
}

export function encodeAssignment(protocol: ConnectProtocol, assignment: ConnectAssignment): Buffer {
  const { error, leader, leaderUrl, offset, assigned, revoked, delay } = assignment;
  return Buffer.concat([
    ...[int16(protocolVersions[protocol]), int16(error), text(leader), text(leaderUrl), int64(offset)],
    ...[works(assigned), works(revoked), int32(delay)],
  ]);
}

export function decodeAssignment(bytes: Buffer): ConnectAssignment {
  const cursor = new Cursor(bytes);
  cursor.int16();
  return {
    error: cursor.int16(),
    leader: cursor.text(),
    leaderUrl: cursor.text(),
    offset: cursor.int64(),
    assigned: cursor.works(),
    revoked: cursor.works(),
    delay: cursor.int32(),
  };
}

class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  bytes(length: number): Buffer {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  int16(): number {
    return this.bytes(2).readInt16BE();
  }

  int32(): number {
    return this.bytes(4).readInt32BE();
  }

  int64(): number {
    return Number(this.bytes(8).readBigInt64BE());
  }

  text(): string {
    return this.bytes(this.int16()).toString();
  }

  works(): Work[] {
    return this.#array(() => {
      const connector = this.text();
      return this.#array((): Work => `${connector}#${this.int32()}`);
    }).flat();
  }

  #array<Item>(read: () => Item): Item[] {
    return Array.from({ length: Math.max(0, this.int32()) }, read);
  }
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int16(bytes.length), bytes]);
}

function works(all: readonly Work[]): Buffer {
  const byConnector = Map.groupBy(all, (work) => work.slice(0, work.lastIndexOf('#')));
  const entries = [...byConnector].map(([connector, items]) =>
    Buffer.concat([text(connector), int32(items.length), ...items.map((work) => int32(numberOf(work)))]),
  );
  return Buffer.concat([int32(entries.length), ...entries]);
}

/** Of the task; -1: the connector itself. */
export function numberOf(work: Work): number {
  return Number(work.slice(work.lastIndexOf('#') + 1));
}
