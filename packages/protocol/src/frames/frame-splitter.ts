import { readInt32 } from '../primitives/integers.ts';
import { ProtocolError } from '../protocol-error.ts';

/** As many bytes as Kafka's brokers accept in one request by default. */
const defaultMaxFrameBytes = 100 * 1024 * 1024;

export interface FrameSplitterOptions {
  /** A frame that announces more is refused before its bytes are kept. Default: 100 MiB. */
  readonly maxFrameBytes?: number;
}

/**
 * Cuts a stream into frames. A frame that lies within one chunk is a view of it; one that arrives in pieces is put
 * together once, when its last byte is there. Never more is kept than has arrived.
 */
export class FrameSplitter {
  readonly #maxFrameBytes: number;
  #chunks: Buffer[] = [];
  #kept = 0;

  constructor(options: FrameSplitterOptions = {}) {
    this.#maxFrameBytes = options.maxFrameBytes ?? defaultMaxFrameBytes;
  }

  /** Bytes of frames that are not complete yet. */
  get pendingBytes(): number {
    return this.#kept;
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#kept += chunk.length;
  }

  /** The next complete frame without its length, or `null`. After an error the stream cannot be read any further. */
  next(): Buffer | null {
    if (this.#kept < 4) return null;
    const length = readInt32(this.#first(4), 0);
    if (length < 0) throw new ProtocolError('MALFORMED', `a frame announces ${length} bytes`);
    if (length > this.#maxFrameBytes) {
      throw new ProtocolError('TOO_LARGE', `a frame announces ${length} bytes; the limit is ${this.#maxFrameBytes}`);
    }
    const whole = length + 4;
    if (this.#kept < whole) return null;
    const joined = this.#first(whole);
    this.#kept -= whole;
    if (joined.length === whole) this.#chunks.shift();
    else this.#chunks[0] = joined.subarray(whole);
    return joined.subarray(4, whole);
  }

  /** The first chunk, made to hold at least that many bytes. */
  #first(bytes: number): Buffer {
    const first = this.#chunks[0]!;
    if (first.length >= bytes) return first;
    let count = 0;
    let held = 0;
    while (held < bytes) held += this.#chunks[count++]!.length;
    const last = this.#chunks[count - 1]!;
    const surplus = held - bytes;
    const joined = Buffer.concat(this.#chunks.slice(0, count), bytes);
    if (surplus === 0) this.#chunks.splice(0, count, joined);
    else this.#chunks.splice(0, count, joined, last.subarray(last.length - surplus));
    return joined;
  }
}
