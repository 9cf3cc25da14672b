import { AbortableError, FencedError, KafkaError } from '../errors.ts';

/**
 * - `uninitialized` → `ready` → `open` → `committing` → `ready`, or `open` → `aborting` → `ready`;
 * - `overlapping`: while one transaction commits, the next one takes records, which wait; `committing` → `overlapping` → `open`;
 * - `abortable`: something failed inside the transaction, only aborting it is possible, together with the one that overlaps it;
 * - `failed`: for good.
 */
export type TransactionPhase =
  | 'uninitialized'
  | 'ready'
  | 'open'
  | 'committing'
  | 'overlapping'
  | 'aborting'
  | 'abortable'
  | 'failed';

/** What a transactional producer may do next. Without I/O. */
export class TransactionState {
  phase: TransactionPhase = 'uninitialized';
  error: KafkaError | undefined;
  // Of the transaction that is sent, never of the one that overlaps it.
  /** Partitions that the coordinator has been told about; with transaction protocol 2, that were sent to. */
  readonly partitions: Set<string> = new Set();
  readonly groups: Set<string> = new Set();
  /** Whether the coordinator may know of the transaction, so that it must be ended there. */
  begun = false;

  initialized(): void {
    this.#expect(['uninitialized'], 'initTransactions');
    this.phase = 'ready';
  }

  begin(): void {
    this.#expect(['ready', 'committing'], 'beginTransaction');
    this.phase = this.phase === 'ready' ? 'open' : 'overlapping';
  }

  /** Whether records may be added: to the transaction that is open, be it that another one commits. */
  checkTakesRecords(what: string): void {
    this.#expect(['open', 'overlapping'], what);
  }

  /** Whether the coordinator may be asked something for the transaction that is open. */
  checkOpen(what: string): void {
    this.#expect(['open'], what);
  }

  beginCommit(): void {
    this.#expect(['open'], 'commitTransaction');
    this.phase = 'committing';
  }

  /** Whether nothing has failed since {@link beginCommit}. */
  checkCommits(): void {
    this.#expect(['committing', 'overlapping'], 'commitTransaction');
  }

  beginAbort(): void {
    this.#expect(['open', 'abortable', 'aborting'], 'abortTransaction');
    this.phase = 'aborting';
    this.error = undefined;
  }

  /** The coordinator has ended the transaction: the one that overlapped it is the one that is sent now. */
  ended(): void {
    if (this.phase === 'overlapping') this.phase = 'open';
    else if (this.phase === 'committing' || this.phase === 'aborting') this.phase = 'ready';
    else return;
    this.begun = false;
    this.partitions.clear();
    this.groups.clear();
  }

  /** Something failed that the transaction cannot contain. Outside a transaction it does nothing. */
  failInside(error: KafkaError): void {
    if (!['open', 'committing', 'overlapping', 'aborting'].includes(this.phase)) return;
    this.phase = 'abortable';
    this.error = error;
  }

  failForGood(error: KafkaError): void {
    if (this.phase === 'failed') return;
    this.phase = 'failed';
    this.error = error;
  }

  #expect(phases: readonly TransactionPhase[], what: string): void {
    const { phase, error } = this;
    if (phases.includes(phase)) return;
    if (phase === 'failed') throw error ?? new KafkaError('INVALID_TXN_STATE', `${what}: the producer has failed`);
    if (phase === 'abortable') {
      throw new AbortableError('TRANSACTION_ABORTABLE', `${what}: the transaction must be aborted: ${error?.message}`, {
        cause: error,
      });
    }
    throw new KafkaError('INVALID_TXN_STATE', `${what} is not possible while the transaction is ${phase}`);
  }
}

/** What an answer to a transactional producer means: gone for good, abort, or as it is. */
export function transactionError(error: KafkaError, transactionalId: string): KafkaError {
  switch (error.code) {
    case 'PRODUCER_FENCED':
    case 'INVALID_PRODUCER_EPOCH':
    case 'TRANSACTION_COORDINATOR_FENCED':
      return new FencedError(
        'PRODUCER_FENCED',
        `The producer with transactional.id ${transactionalId} is fenced: another one has taken over, or the transaction timed out (${error.code})`,
        { cause: error },
      );
    case 'TRANSACTION_ABORTABLE':
    case 'UNKNOWN_PRODUCER_ID':
    case 'OUT_OF_ORDER_SEQUENCE_NUMBER':
      return new AbortableError(error.code, error.message, { cause: error });
    default:
      return error;
  }
}

/** Errors after which a transactional producer is of no more use. */
export function isFatal(error: KafkaError): boolean {
  return (
    error instanceof FencedError ||
    ['INVALID_TXN_STATE', 'INVALID_PRODUCER_ID_MAPPING', 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED'].includes(
      error.code,
    ) ||
    ['CLUSTER_AUTHORIZATION_FAILED', 'UNSUPPORTED_VERSION', 'SASL_AUTHENTICATION_FAILED'].includes(error.code)
  );
}
