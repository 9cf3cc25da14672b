import { type Logger, MillraceError } from '@millrace/api';
import { type Admin, type Delivery, type DeliveryTarget, KafkaError, type Producer } from '@millrace/kafka';
import type { DeadLetter } from './dead-letter.ts';
import type { ErrorMetrics } from './task-errors.ts';

export interface DeadLetterQueueOptions {
  readonly topic: string;
  readonly producer: Producer;
  readonly metrics: ErrorMetrics;
  /** Asked before each letter is appended, for instance to begin the transaction that it belongs to. */
  readonly beforeLetter?: (() => void) | undefined;
}

/**
 * Writes dead letters and knows which are not acknowledged yet. The producer sends each again for its delivery timeout;
 * what is lost after that is a failure for good: the task must not commit an offset behind it.
 */
export class DeadLetterQueue {
  readonly #options: DeadLetterQueueOptions;
  readonly #target: DeliveryTarget;
  readonly #waiting = new Map<number, PromiseWithResolvers<void>>();
  #next = 0;
  #failure: Error | undefined;

  constructor(options: DeadLetterQueueOptions) {
    this.#options = options;
    this.#target = {
      acknowledged: (delivery) => this.#settle(delivery, undefined),
      failed: (delivery, error) => this.#settle(delivery, error),
    };
  }

  get hasPending(): boolean {
    return this.#waiting.size > 0 || this.#failure !== undefined;
  }

  /**
   * Writes the first of the letters that is not too large. Waits for room in the producer. Resolves when the letter is on its
   * way; `acknowledged` settles when it is there.
   */
  async write(letters: Iterable<DeadLetter>): Promise<{ readonly acknowledged: Promise<void> }> {
    const { topic, producer, metrics, beforeLetter } = this.#options;
    this.#throwFailure();
    metrics.deadLetterRequests++;
    try {
      await producer.loadTopic(topic);
      while (!producer.hasRoom) await producer.room();
      beforeLetter?.();
      const acknowledged = Promise.withResolvers<void>();
      // Whoever waits hears of a failure; who does not hears of it by `written`.
      acknowledged.promise.catch(() => undefined);
      this.#appendOneOf(letters, this.#next);
      this.#waiting.set(this.#next++, acknowledged);
      return { acknowledged: acknowledged.promise };
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Resolves when all letters so far are acknowledged; rejects for ever once one could not be written. */
  async written(): Promise<void> {
    this.#throwFailure();
    await Promise.all([...this.#waiting.values()].map(({ promise }) => promise));
  }

  #appendOneOf(letters: Iterable<DeadLetter>, token: number): void {
    let refusal: unknown;
    for (const letter of letters) {
      try {
        this.#append(letter, token);
        return;
      } catch (error) {
        if (!(KafkaError.isInstance(error) && error.code === 'RECORD_TOO_LARGE')) throw error;
        refusal = error;
      }
    }
    throw refusal;
  }

  /** Deliveries are reported later, never before this returns. */
  #append({ key, value, headers, timestamp }: DeadLetter, token: number): void {
    const { topic, producer } = this.#options;
    const appender = producer.appender(topic, producer.partitionFor(topic, key));
    const writer = appender.begin(timestamp < 0 ? Date.now() : timestamp);
    try {
      writer.key(key);
      writer.value(value);
      writer.headers(headers.length);
      for (const header of headers) writer.header(header.name, header.value);
    } catch (error) {
      appender.rollback();
      throw error;
    }
    appender.end(this.#target, token);
  }

  #settle({ tokens, start, count }: Delivery, error: KafkaError | undefined): void {
    // A connector that drops its transaction drops the letters in it, too.
    const isFailure = error !== undefined && error.code !== 'TRANSACTION_ABORTED';
    const failure = isFailure ? this.#fail(error) : undefined;
    for (let index = start; index < start + count; index++) {
      const token = tokens[index] as number;
      const settled = this.#waiting.get(token);
      this.#waiting.delete(token);
      if (failure === undefined) settled?.resolve();
      else settled?.reject(failure);
    }
  }

  #fail(cause: unknown): Error {
    this.#options.metrics.deadLetterFailures++;
    const reason = cause instanceof Error ? cause.message : String(cause);
    this.#failure ??= new MillraceError(
      `A dead letter could not be written to topic '${this.#options.topic}': ${reason} ` +
        `The offset of its record is not committed; ${remedy(cause)}`,
      { cause, code: 'DEAD_LETTER' },
    );
    return this.#failure;
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

function remedy(cause: unknown): string {
  const code = KafkaError.isInstance(cause) ? cause.code : undefined;
  if (code === 'RECORD_TOO_LARGE') {
    return (
      'the letter is too large even without the key and the value of the record. Raise producer.override.max.request.size ' +
      '(and max.message.bytes of the topic, where that is less), then restart the task.'
    );
  }
  const writable = 'the task continues there once the topic can be written to.';
  if (code !== 'MESSAGE_TOO_LARGE') return writable;
  return (
    `${writable} Raise max.message.bytes of the topic, or set producer.override.max.request.size below it: a letter that ` +
    'exceeds that is written without the value of its record. Then restart the task.'
  );
}

/** Creates the topic of the queue with one partition where it is not there. */
export async function createDeadLetterTopic(
  admin: Admin,
  topic: string,
  replicationFactor: number,
  log: Logger,
): Promise<void> {
  const failed = (cause: unknown): Error =>
    new MillraceError(
      `Could not initialize dead letter queue with topic=${topic}: ${cause instanceof Error ? cause.message : String(cause)} ` +
        `Create the topic, or set errors.deadletterqueue.topic.replication.factor (now ${replicationFactor}) to what the cluster has.`,
      { cause },
    );
  try {
    if ((await admin.describeTopics([topic])).has(topic)) return;
    log.error(`Topic ${topic} doesn't exist. Will attempt to create topic.`);
    const outcomes = await admin.createTopics([{ name: topic, partitions: 1, replicationFactor }]);
    const error = outcomes.get(topic);
    if (error !== undefined && error.code !== 'TOPIC_ALREADY_EXISTS') throw error;
  } catch (error) {
    throw failed(error);
  }
}
