import { RequestError } from '../request-error.ts';

/** One partition that a consumer wants to read. */
export interface FetchPosition {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  readonly fetchOffset: number;
  readonly maxBytes: number;
  readonly currentLeaderEpoch: number;
}

/** What the client was told last about a partition. */
export interface SeenPartition {
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
}

export interface FetchSession {
  readonly id: number;
  epoch: number;
  readonly positions: Map<string, FetchPosition>;
  readonly seen: Map<string, SeenPartition>;
}

const mostSessions = 1000;
const lastSessionId = 0x7fff_ffff;

export const placeKey = ({
  topic,
  topicId,
  partition,
}: {
  topic: string;
  topicId: string;
  partition: number;
}): string => `${topic}/${topicId}/${partition}`;

/** What consumers read, remembered between their requests, so that each needs to say only what has changed. */
export class FetchSessions {
  readonly #sessions = new Map<number, FetchSession>();
  #lastId = 0;

  /**
   * The session of a request, with its changes.
   * @returns `undefined` when the client wants none.
   */
  update(
    id: number,
    epoch: number,
    positions: readonly FetchPosition[],
    forgotten: Iterable<string>,
  ): { readonly session: FetchSession; readonly incremental: boolean } | undefined {
    if (epoch <= 0) {
      this.#sessions.delete(id);
      if (epoch < 0) return undefined;
      return { session: this.#create(positions), incremental: false };
    }
    const session = this.#sessions.get(id);
    if (session === undefined) throw new RequestError('FETCH_SESSION_ID_NOT_FOUND', `there is no fetch session ${id}`);
    if (session.epoch !== epoch) {
      throw new RequestError(
        'INVALID_FETCH_SESSION_EPOCH',
        `fetch session ${id} is at epoch ${session.epoch}, not ${epoch}`,
      );
    }
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    session.epoch = epoch === 0x7fff_ffff ? 1 : epoch + 1;
    for (const key of forgotten) {
      session.positions.delete(key);
      session.seen.delete(key);
    }
    for (const position of positions) session.positions.set(placeKey(position), position);
    return { session, incremental: true };
  }

  #create(positions: readonly FetchPosition[]): FetchSession {
    if (this.#sessions.size >= mostSessions) {
      const [oldest] = this.#sessions.keys();
      if (oldest !== undefined) this.#sessions.delete(oldest);
    }
    this.#lastId = this.#lastId === lastSessionId ? 1 : this.#lastId + 1;
    const session = {
      id: this.#lastId,
      epoch: 1,
      positions: new Map(positions.map((position) => [placeKey(position), position])),
      seen: new Map(),
    };
    this.#sessions.set(session.id, session);
    return session;
  }
}
