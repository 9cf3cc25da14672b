import { errorCode } from '@millrace/protocol';
import type { TopicPartition } from '../port.ts';
import { partitionKey } from '../topic-partitions.ts';

export interface SessionPartition extends TopicPartition {
  readonly fetchOffset: number;
  readonly leaderEpoch: number;
  readonly lastEpoch: number;
}

export interface SessionRequest {
  readonly sessionId: number;
  readonly sessionEpoch: number;
  readonly partitions: readonly SessionPartition[];
  readonly forgotten: readonly TopicPartition[];
}

/**
 * An incremental fetch session with one broker (KIP-227): after the first request only what has changed is sent, and only
 * partitions with news come back. Without I/O.
 */
export class FetchSession {
  readonly #wanted = new Map<string, SessionPartition>();
  readonly #changed = new Map<string, SessionPartition>();
  readonly #forgotten = new Map<string, TopicPartition>();
  /** What the broker was last told. */
  readonly #requested = new Map<string, number>();
  #id = 0;
  /** 0: the next request names every partition. */
  #epoch = 0;

  /** How many partitions are to be fetched. */
  get size(): number {
    return this.#wanted.size;
  }

  want(partition: SessionPartition): void {
    const key = partitionKey(partition.topic, partition.partition);
    this.#wanted.set(key, partition);
    this.#changed.set(key, partition);
    this.#forgotten.delete(key);
  }

  drop(topic: string, partition: number): void {
    const key = partitionKey(topic, partition);
    if (!this.#wanted.delete(key)) return;
    this.#changed.delete(key);
    if (this.#requested.has(key)) this.#forgotten.set(key, { topic, partition });
  }

  /** The offset that an answer about this partition belongs to. */
  requestedOffset(topic: string, partition: number): number | undefined {
    return this.#requested.get(partitionKey(topic, partition));
  }

  next(): SessionRequest {
    const full = this.#epoch === 0;
    const partitions = [...(full ? this.#wanted : this.#changed).values()];
    const forgotten = full ? [] : [...this.#forgotten.values()];
    if (full) this.#requested.clear();
    for (const key of this.#forgotten.keys()) this.#requested.delete(key);
    for (const { topic, partition, fetchOffset } of partitions) {
      this.#requested.set(partitionKey(topic, partition), fetchOffset);
    }
    this.#changed.clear();
    this.#forgotten.clear();
    return { sessionId: this.#id, sessionEpoch: this.#epoch, partitions, forgotten };
  }

  /** Takes over what the broker says of the session; `false`: the answer is an error, and the session begins anew. */
  answered(code: number, sessionId: number): boolean {
    if (code !== errorCode.NONE) {
      if (code === errorCode.FETCH_SESSION_ID_NOT_FOUND) this.#id = 0;
      this.#epoch = 0;
      return false;
    }
    this.#id = sessionId;
    if (sessionId === 0) this.#epoch = 0;
    else this.#epoch = this.#epoch >= 0x7fffffff ? 1 : this.#epoch + 1;
    return true;
  }

  /** There was no answer: the broker may or may not have taken the request over. */
  lost(): void {
    this.#epoch = 0;
  }
}
