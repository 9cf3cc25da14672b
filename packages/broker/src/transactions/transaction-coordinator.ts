import type { Clock } from '../clock.ts';
import type { OffsetStore, Save } from '../groups/offset-store.ts';
import type { Marker } from '../log/partition-log.ts';
import { RequestError } from '../request-error.ts';
import type { ProducerIds } from './producer-ids.ts';
import {
  lastEpoch,
  type ProducerIdentity,
  type Transaction,
  type TransactionPartition,
  type TransactionState,
} from './transaction.ts';

export interface TransactionCoordinatorOptions {
  readonly clock: Clock;
  readonly producerIds: ProducerIds;
  readonly offsets: OffsetStore;
  readonly save: Save;
  readonly maxTimeoutMs: number;
  /** Appends a marker; a partition that is gone is passed over. Throws a RequestError where the disk refuses it. */
  readonly mark: (partition: TransactionPartition, marker: Marker) => void;
  readonly log: (line: string) => void;
}

const coordinatorEpoch = 0;
const retryMs = 500;
const complete: ReadonlySet<TransactionState> = new Set<TransactionState>(['Empty', 'CompleteCommit', 'CompleteAbort']);

/**
 * All transactional ids. Every change is written to the state log before it counts; a transaction that was prepared when
 * the broker was killed, or whose markers the disk refused, is ended later. The central state machine of transactions,
 * which is why it is this long.
 */
export class TransactionCoordinator {
  readonly #options: TransactionCoordinatorOptions;
  readonly #transactions = new Map<string, Transaction>();
  readonly #timers = new Map<string, () => void>();

  constructor(options: TransactionCoordinatorOptions) {
    this.#options = options;
  }

  restore(transaction: Transaction): void {
    this.#transactions.set(transaction.transactionalId, transaction);
  }

  /** After everything has been restored: goes on with what was under way. */
  resume(): void {
    for (const { transactionalId, state } of [...this.#transactions.values()]) {
      if (state === 'Ongoing') this.#startTimeout(transactionalId);
      else if (!complete.has(state)) this.#finish(transactionalId);
    }
  }

  get all(): Iterable<Transaction> {
    return this.#transactions.values();
  }

  find(transactionalId: string): Transaction | undefined {
    return this.#transactions.get(transactionalId);
  }

  /**
   * Gives a producer its id and epoch, after ending what an earlier producer of that name left open.
   * @param current - what the producer has, when it recovers from an error; epoch -1 when it begins.
   */
  initialize(transactionalId: string, timeoutMs: number, current: ProducerIdentity): ProducerIdentity {
    if (transactionalId === '') throw new RequestError('INVALID_REQUEST', 'the transactional id is empty');
    if (timeoutMs <= 0 || timeoutMs > this.#options.maxTimeoutMs) {
      throw new RequestError(
        'INVALID_TRANSACTION_TIMEOUT',
        `a transaction timeout of ${timeoutMs} ms; 1 to ${this.#options.maxTimeoutMs} are possible`,
      );
    }
    const known = this.#transactions.get(transactionalId);
    if (known === undefined) return this.#create(transactionalId, timeoutMs);
    const retried =
      current.producerEpoch >= 0 &&
      current.producerEpoch === known.lastProducerEpoch &&
      (current.producerId === known.producerId || current.producerId === known.lastProducerId);
    const isCurrent = current.producerId === known.producerId && current.producerEpoch === known.producerEpoch;
    if (current.producerEpoch >= 0 && !isCurrent && !retried) {
      throw fenced(known, current);
    }
    if (known.state === 'PrepareCommit' || known.state === 'PrepareAbort') this.#finish(transactionalId);
    if (known.state === 'Ongoing') this.#abortFencing(transactionalId);
    const settled = this.#transactions.get(transactionalId)!;
    if (!complete.has(settled.state)) throw concurrent(settled);
    if (retried && !isCurrent && known === settled) {
      return { producerId: settled.producerId, producerEpoch: settled.producerEpoch };
    }
    const next = this.#nextIdentity(settled);
    this.#change({
      ...settled,
      ...next,
      lastProducerId: settled.producerId,
      lastProducerEpoch: current.producerEpoch >= 0 ? current.producerEpoch : -1,
      timeoutMs,
      state: 'Empty',
      partitions: [],
      groups: [],
      startTime: -1,
    });
    return next;
  }

  /** Lets partitions and groups take part in the producer's transaction, which begins with the first of them. */
  add(
    transactionalId: string,
    producer: ProducerIdentity,
    more: { readonly partitions?: readonly TransactionPartition[]; readonly groups?: readonly string[] },
  ): void {
    const transaction = this.#owned(transactionalId, producer);
    if (transaction.state === 'PrepareCommit' || transaction.state === 'PrepareAbort') throw concurrent(transaction);
    const begins = transaction.state !== 'Ongoing';
    const before: Pick<Transaction, 'partitions' | 'groups'> = begins ? { partitions: [], groups: [] } : transaction;
    const partitions = (more.partitions ?? []).filter((partition) => !includes(before.partitions, partition));
    const groups = (more.groups ?? []).filter((group) => !before.groups.includes(group));
    if (!begins && partitions.length === 0 && groups.length === 0) return;
    this.#change({
      ...transaction,
      state: 'Ongoing',
      partitions: [...before.partitions, ...partitions],
      groups: [...before.groups, ...groups],
      startTime: begins ? this.#options.clock.now() : transaction.startTime,
    });
    if (begins) this.#startTimeout(transactionalId);
  }

  /** Says whether the producer's transaction is open and has that partition, or that group, in it. */
  check(
    transactionalId: string,
    producer: ProducerIdentity,
    member: { readonly partition: TransactionPartition } | { readonly group: string },
  ): void {
    const transaction = this.#owned(transactionalId, producer);
    const has =
      'group' in member
        ? transaction.groups.includes(member.group)
        : includes(transaction.partitions, member.partition);
    if (transaction.state !== 'Ongoing' || !has) {
      throw new RequestError(
        'INVALID_TXN_STATE',
        `transactional id ${transactionalId} is in state ${transaction.state} and does not have ${JSON.stringify(member)} in it`,
      );
    }
  }

  /**
   * Commits or aborts the transaction.
   * @param bumpsEpoch - whether the producer goes on with a new epoch (transaction protocol 2).
   * @returns the id and epoch to go on with.
   */
  end(transactionalId: string, producer: ProducerIdentity, commit: boolean, bumpsEpoch: boolean): ProducerIdentity {
    const known = this.#transactions.get(transactionalId);
    if (bumpsEpoch && known !== undefined && isRepeated(known, producer)) return this.#repeatEnd(known, commit);
    const transaction = this.#owned(transactionalId, producer);
    const wanted = commit ? 'Commit' : 'Abort';
    const { state } = transaction;
    // The client cannot know whether its records, which it now gives up, had opened a transaction.
    const givesUp = bumpsEpoch && !commit && complete.has(state);
    if (state !== 'Ongoing' && !givesUp) {
      if (!bumpsEpoch && state === `Complete${wanted}`) return producer;
      throw state === `Prepare${wanted}` ? concurrent(transaction) : notNow(transaction, wanted);
    }
    const begun = state === 'Ongoing' ? transaction : { ...transaction, partitions: [], groups: [] };
    this.#prepare(begun, commit, bumpsEpoch);
    this.#finish(transactionalId);
    const ended = this.#transactions.get(transactionalId)!;
    if (!complete.has(ended.state)) throw concurrent(ended);
    return { producerId: ended.producerId, producerEpoch: ended.producerEpoch };
  }

  close(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #create(transactionalId: string, timeoutMs: number): ProducerIdentity {
    const identity = { producerId: this.#options.producerIds.next(), producerEpoch: 0 };
    this.#change({
      transactionalId,
      ...identity,
      lastProducerId: -1,
      lastProducerEpoch: -1,
      timeoutMs,
      state: 'Empty',
      partitions: [],
      groups: [],
      startTime: -1,
    });
    return identity;
  }

  #owned(transactionalId: string, producer: ProducerIdentity): Transaction {
    const transaction = this.#transactions.get(transactionalId);
    if (transaction === undefined || transaction.producerId !== producer.producerId) {
      throw new RequestError(
        'INVALID_PRODUCER_ID_MAPPING',
        `producer id ${producer.producerId} does not belong to transactional id ${transactionalId}`,
      );
    }
    if (transaction.producerEpoch !== producer.producerEpoch) throw fenced(transaction, producer);
    return transaction;
  }

  /** An end that was carried out, whose answer the client did not get. */
  #repeatEnd(transaction: Transaction, commit: boolean): ProducerIdentity {
    if (!complete.has(transaction.state)) throw concurrent(transaction);
    if (transaction.state !== (commit ? 'CompleteCommit' : 'CompleteAbort')) {
      throw notNow(transaction, commit ? 'Commit' : 'Abort');
    }
    return { producerId: transaction.producerId, producerEpoch: transaction.producerEpoch };
  }

  /** Decides how the transaction ends. From here on it ends like that, whatever happens. */
  #prepare(transaction: Transaction, commit: boolean, bumpsEpoch: boolean): void {
    const { producerId, producerEpoch } = transaction;
    this.#change({
      ...transaction,
      state: commit ? 'PrepareCommit' : 'PrepareAbort',
      ...(bumpsEpoch
        ? { producerEpoch: producerEpoch + 1, lastProducerId: producerId, lastProducerEpoch: producerEpoch }
        : {}),
    });
  }

  /** Aborts with a new epoch, so that the producer that has it open can do nothing any more. */
  #abortFencing(transactionalId: string): void {
    const transaction = this.#transactions.get(transactionalId)!;
    this.#change({
      ...transaction,
      state: 'PrepareAbort',
      producerEpoch: transaction.producerEpoch + 1,
      lastProducerId: -1,
      lastProducerEpoch: -1,
    });
    this.#finish(transactionalId);
  }

  /** Writes the markers of a transaction that is prepared, and then that it is complete. */
  #finish(transactionalId: string): void {
    this.#stopTimer(transactionalId);
    const transaction = this.#transactions.get(transactionalId)!;
    const committed = transaction.state === 'PrepareCommit';
    const { producerId, producerEpoch, lastProducerId } = transaction;
    try {
      for (const partition of transaction.partitions) {
        this.#options.mark(partition, { producerId, producerEpoch, coordinatorEpoch, committed });
      }
      const offsets = this.#options.offsets.endTransaction(producerId, committed);
      const exhausted = producerEpoch > lastEpoch;
      const done: Transaction = {
        ...transaction,
        state: committed ? 'CompleteCommit' : 'CompleteAbort',
        partitions: [],
        groups: [],
        startTime: -1,
        ...(exhausted
          ? { producerId: this.#options.producerIds.next(), producerEpoch: 0, lastProducerId: producerId }
          : { lastProducerId }),
      };
      this.#options.save([...offsets.entries, [keyOf(transactionalId), done]]);
      offsets.apply();
      this.#transactions.set(transactionalId, done);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      this.#options.log(`transaction ${transactionalId} will be ended later: ${error.message}`);
      this.#startTimer(transactionalId, retryMs, () => this.#finish(transactionalId));
    }
  }

  #nextIdentity({ producerId, producerEpoch }: Transaction): ProducerIdentity {
    if (producerEpoch < lastEpoch) return { producerId, producerEpoch: producerEpoch + 1 };
    return { producerId: this.#options.producerIds.next(), producerEpoch: 0 };
  }

  #startTimeout(transactionalId: string): void {
    const { startTime, timeoutMs } = this.#transactions.get(transactionalId)!;
    this.#startTimer(transactionalId, startTime + timeoutMs - this.#options.clock.now(), () => {
      if (this.#transactions.get(transactionalId)?.state !== 'Ongoing') return;
      this.#options.log(`transaction ${transactionalId} was open for ${timeoutMs} ms and is aborted`);
      try {
        this.#abortFencing(transactionalId);
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        this.#startTimer(transactionalId, retryMs, () => this.#startTimeout(transactionalId));
      }
    });
  }

  #startTimer(transactionalId: string, milliseconds: number, callback: () => void): void {
    this.#stopTimer(transactionalId);
    this.#timers.set(transactionalId, this.#options.clock.schedule(milliseconds, callback));
  }

  #stopTimer(transactionalId: string): void {
    this.#timers.get(transactionalId)?.();
    this.#timers.delete(transactionalId);
  }

  #change(transaction: Transaction): void {
    this.#options.save([[keyOf(transaction.transactionalId), transaction]]);
    this.#transactions.set(transaction.transactionalId, transaction);
  }
}

const keyOf = (transactionalId: string): string => JSON.stringify(['transaction', transactionalId]);

const includes = (partitions: readonly TransactionPartition[], { topic, partition }: TransactionPartition): boolean =>
  partitions.some((other) => other.topic === topic && other.partition === partition);

function isRepeated(transaction: Transaction, { producerId, producerEpoch }: ProducerIdentity): boolean {
  return producerId === transaction.lastProducerId && producerEpoch === transaction.lastProducerEpoch;
}

function fenced(transaction: Transaction, { producerEpoch }: ProducerIdentity): RequestError {
  return new RequestError(
    'PRODUCER_FENCED',
    `transactional id ${transaction.transactionalId} has epoch ${transaction.producerEpoch}; epoch ${producerEpoch} is fenced`,
  );
}

function concurrent({ transactionalId, state }: Transaction): RequestError {
  return new RequestError(
    'CONCURRENT_TRANSACTIONS',
    `transactional id ${transactionalId} is in state ${state}; try again`,
  );
}

function notNow({ transactionalId, state }: Transaction, wanted: string): RequestError {
  return new RequestError('INVALID_TXN_STATE', `${wanted} of ${transactionalId}, which is in state ${state}`);
}
