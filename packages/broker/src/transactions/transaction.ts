export type TransactionState =
  | 'Empty'
  | 'Ongoing'
  | 'PrepareCommit'
  | 'PrepareAbort'
  | 'CompleteCommit'
  | 'CompleteAbort';

export interface TransactionPartition {
  readonly topic: string;
  readonly partition: number;
}

/** What is known about a transactional id; remembered over a restart as it is. */
export interface Transaction {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  /** Those before the last change, by which a repeated request is recognised; -1 where there are none. */
  readonly lastProducerId: number;
  readonly lastProducerEpoch: number;
  readonly timeoutMs: number;
  readonly state: TransactionState;
  readonly partitions: readonly TransactionPartition[];
  readonly groups: readonly string[];
  readonly startTime: number;
}

export interface ProducerIdentity {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** The last epoch that a producer may have: one more is kept for fencing it. */
export const lastEpoch: number = 0x7fff - 1;
