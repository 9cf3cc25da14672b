import { abortable } from '../async/abortable.ts';
import { withDeadline } from '../async/deadline.ts';
import { RetriableError } from '../errors/errors.ts';
import { MillraceError } from '../errors/millrace-error.ts';
import type { OffsetMap, SourceRecord } from '../records/source-record.ts';
import type { SourceTask } from './tasks.ts';

export interface FromIterableOptions {
  /** Ends the task: the context's signal. */
  readonly signal: AbortSignal;
  /** Most records that wait for the next `poll`; 2000 when left out. */
  readonly batchSize?: number;
}

/**
 * Makes a source task of an async iterable: the shortest way to a connector. Records are read ahead, up to one batch.
 * The iterable may give arrays of records too, and should when it has them: an array costs as much as one record.
 */
export function fromIterable<P = OffsetMap, O = OffsetMap>(
  iterable: AsyncIterable<SourceRecord<P, O> | readonly SourceRecord<P, O>[]>,
  options: FromIterableOptions,
): SourceTask<P, O> {
  return new IterableTask<P, O>(iterable, options.signal, options.batchSize ?? 2000);
}

const closeTimeout = 5000;

class IterableTask<P, O> implements SourceTask<P, O> {
  readonly #iterator: AsyncIterator<SourceRecord<P, O> | readonly SourceRecord<P, O>[]>;
  readonly #signal: AbortSignal;
  readonly #batchSize: number;
  #waiting: SourceRecord<P, O>[] = [];
  #failure: { readonly error: unknown } | undefined;
  #ended = false;
  #started = false;
  #arrival = Promise.withResolvers<void>();
  #room = Promise.withResolvers<void>();
  readonly #closing = Promise.withResolvers<void>();
  #closed = false;

  constructor(
    iterable: AsyncIterable<SourceRecord<P, O> | readonly SourceRecord<P, O>[]>,
    signal: AbortSignal,
    batchSize: number,
  ) {
    this.#iterator = iterable[Symbol.asyncIterator]();
    this.#signal = signal;
    this.#batchSize = batchSize;
  }

  async poll(): Promise<readonly SourceRecord<P, O>[] | null> {
    if (!this.#started) {
      this.#started = true;
      void this.#read();
    }
    if (this.#waiting.length === 0 && !this.#ended) {
      if (!(await this.#until(this.#arrival.promise))) return null;
      // What is there already comes along: without this, a fast iterable would give one record per poll.
      await new Promise(setImmediate);
    }
    if (this.#waiting.length === 0) {
      if (this.#failure !== undefined) throw this.#failure.error;
      if (!this.#closed) await this.#until(this.#closing.promise);
      return null;
    }
    const batch = this.#waiting;
    this.#waiting = [];
    if (!this.#ended) this.#arrival = Promise.withResolvers<void>();
    this.#room.resolve();
    return batch;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#room.resolve();
    this.#arrival.resolve();
    this.#closing.resolve();
    // An async generator answers `return` only between its values, so one that ignores the signal must not hold us.
    await withDeadline({ waitingFor: 'the iterable to end', milliseconds: closeTimeout }, () =>
      this.#iterator.return?.(),
    );
  }

  async #read(): Promise<void> {
    try {
      while (!this.#closed) {
        const next = await this.#iterator.next();
        if (next.done === true) break;
        if (Array.isArray(next.value)) for (const record of next.value) this.#waiting.push(record);
        else this.#waiting.push(next.value as SourceRecord<P, O>);
        if (this.#waiting.length > 0) this.#arrival.resolve();
        if (this.#waiting.length >= this.#batchSize) {
          this.#room = Promise.withResolvers<void>();
          await this.#room.promise;
        }
      }
    } catch (error) {
      this.#failure = { error: asFinal(error) };
    } finally {
      this.#ended = true;
      this.#arrival.resolve();
    }
  }

  /** `false` when the signal was aborted first. */
  async #until(promise: Promise<unknown>): Promise<boolean> {
    try {
      await abortable(promise, this.#signal);
      return true;
    } catch (error) {
      if (this.#signal.aborted) return false;
      throw error;
    }
  }
}

/** An iterable is over once it has thrown: calling `poll` again, as after a RetriableError, could never succeed. */
function asFinal(error: unknown): unknown {
  if (!RetriableError.isInstance(error)) return error;
  return new MillraceError(`The iterable has ended with an error: ${error.message}`, { cause: error });
}
