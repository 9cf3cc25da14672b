import { type Logger, MillraceError, RetriableError, sleep } from '@millrace/api';
import { createJsonConverter } from '@millrace/converters';
import type { Admin, Producer } from '@millrace/kafka';
import type { TaskId } from '../task/task-spec.ts';
import { type DeadLetterOptions, lettersOf, placeOf } from './dead-letter.ts';
import { createDeadLetterTopic, DeadLetterQueue } from './dead-letter-queue.ts';
import { messageOf } from './java-class-names.ts';
import { retryDelay } from './retry-delay.ts';
import type { ErrorDecision, ErrorMetrics, RecordFailure, TaskErrors } from './task-errors.ts';

/** The `errors.*` keys of a connector, parsed. */
export interface ErrorSettings {
  readonly errorsTolerance: 'none' | 'all';
  readonly errorsRetryTimeout: number;
  readonly errorsRetryDelayMaxMs: number;
  readonly errorsLogEnable: boolean;
  readonly errorsLogIncludeMessages: boolean;
  readonly errorsDeadletterqueueTopicName: string;
  readonly errorsDeadletterqueueTopicReplicationFactor: number;
  readonly errorsDeadletterqueueContextHeadersEnable: boolean;
}

export interface DeadLetterClients {
  readonly admin: Admin;
  readonly producer: Producer;
  /** The producer is the task's own: it is not closed here, and this is called before each letter. */
  readonly beforeLetter?: () => void;
}

export interface TaskErrorsOptions {
  readonly id: TaskId;
  readonly settings: ErrorSettings;
  readonly log: Logger;
  /** Aborted when the task stops: nobody waits for a back-off any longer, and what would be tried again fails. */
  readonly signal: AbortSignal;
  /** Asked once, where there is a dead letter queue. */
  readonly clients: () => DeadLetterClients;
  readonly now?: () => number;
  readonly random?: () => number;
}

/** Creates the topic of dead letters first, where the connector has one and the topic is not there. */
export async function createTaskErrors(options: TaskErrorsOptions): Promise<TaskErrors> {
  const { settings, log } = options;
  const metrics = noErrors();
  const topic = settings.errorsDeadletterqueueTopicName;
  if (topic === '') return new ConfiguredErrors(options, metrics, undefined);
  const { admin, producer, beforeLetter } = options.clients();
  const close = async (): Promise<void> => {
    await Promise.all([admin.close(), beforeLetter === undefined ? producer.close() : undefined]);
  };
  try {
    await createDeadLetterTopic(admin, topic, settings.errorsDeadletterqueueTopicReplicationFactor, log);
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  const queue = new DeadLetterQueue({ topic, producer, metrics, beforeLetter });
  return new ConfiguredErrors(options, metrics, { queue, close });
}

/** The failing call at hand; another one begins when another subject fails. */
interface Attempts {
  readonly subject: unknown;
  readonly stage: string;
  readonly since: number;
  count: number;
}

class ConfiguredErrors implements TaskErrors {
  readonly metrics: ErrorMetrics;
  readonly takesReports: boolean;
  readonly #options: TaskErrorsOptions;
  readonly #letters: { readonly queue: DeadLetterQueue; readonly close: () => Promise<void> } | undefined;
  readonly #letterOptions: DeadLetterOptions;
  readonly #now: () => number;
  #attempts: Attempts | undefined;
  #closed: Promise<void> | undefined;

  constructor(
    options: TaskErrorsOptions,
    metrics: ErrorMetrics,
    letters: { readonly queue: DeadLetterQueue; readonly close: () => Promise<void> } | undefined,
  ) {
    const { settings, id, now = Date.now } = options;
    this.#options = options;
    this.metrics = metrics;
    this.#letters = letters;
    this.takesReports = letters !== undefined || settings.errorsLogEnable;
    this.#letterOptions = {
      id,
      contextHeaders: settings.errorsDeadletterqueueContextHeadersEnable,
      json: createJsonConverter({ schemasEnable: true }),
    };
    this.#now = now;
  }

  get hasPending(): boolean {
    return this.#letters?.queue.hasPending ?? false;
  }

  async decide(failure: RecordFailure): Promise<ErrorDecision> {
    const { settings } = this.#options;
    this.metrics.recordErrors++;
    this.metrics.lastErrorTimestamp = this.#now();
    if (RetriableError.isInstance(failure.error) && (await this.#backOff(failure))) return 'retry';
    this.#attempts = undefined;
    this.metrics.recordFailures++;
    // A letter is written even when the task fails, as Java does: somebody will want to see the record.
    await this.#tell(failure);
    if (settings.errorsTolerance === 'none') return 'throw';
    this.metrics.recordsSkipped++;
    return 'skip';
  }

  failed(failure: RecordFailure): Error {
    const { stage, className, error, origin } = failure;
    const { connector, task } = this.#options.id;
    return new MillraceError(
      `Tolerance exceeded in error handler: task ${connector}-${task} failed at stage ${stage} in ${className}, ` +
        `record with ${placeOf(origin())}: ${messageOf(error)}`,
      { cause: error },
    );
  }

  async report(failure: RecordFailure): Promise<void> {
    this.metrics.recordErrors++;
    this.metrics.recordFailures++;
    this.metrics.lastErrorTimestamp = this.#now();
    const letter = await this.#tell(failure);
    await letter?.acknowledged;
    if (this.#options.settings.errorsTolerance === 'none') throw this.failed(failure);
    this.metrics.recordsSkipped++;
  }

  async deadLettersWritten(): Promise<void> {
    await this.#letters?.queue.written();
  }

  close(): Promise<void> {
    this.#closed ??= this.#letters?.close() ?? Promise.resolve();
    return this.#closed;
  }

  /** Waits until the call is due again; `false` when it is not to be made again. */
  async #backOff({ subject, stage }: RecordFailure): Promise<boolean> {
    const { settings, signal, random } = this.#options;
    let attempts = this.#attempts;
    if (attempts?.subject !== subject || attempts?.stage !== stage) {
      attempts = { subject, stage, since: this.#now(), count: 0 };
    }
    this.#attempts = attempts;
    attempts.count++;
    const limits = { timeoutMs: settings.errorsRetryTimeout, maxDelayMs: settings.errorsRetryDelayMaxMs };
    const delay = retryDelay(attempts.count, this.#now() - attempts.since, limits, random);
    if (delay === undefined) return false;
    this.metrics.retries++;
    await sleep(delay, signal);
    return true;
  }

  async #tell(failure: RecordFailure): Promise<{ readonly acknowledged: Promise<void> } | undefined> {
    const { settings } = this.#options;
    if (settings.errorsLogEnable) this.#log(failure);
    return await this.#letters?.queue.write(lettersOf(failure, this.#letterOptions));
  }

  #log({ stage, className, error, origin }: RecordFailure): void {
    const { log, settings, id } = this.#options;
    const where = settings.errorsLogIncludeMessages ? `, where record is {${placeOf(origin())}}` : '';
    this.metrics.errorsLogged++;
    log.error(
      `Error encountered in task ${id.connector}-${id.task}. Executing stage '${stage}' with class '${className}'${where}.`,
      { error },
    );
  }
}

function noErrors(): ErrorMetrics {
  return {
    recordFailures: 0,
    recordErrors: 0,
    recordsSkipped: 0,
    retries: 0,
    errorsLogged: 0,
    deadLetterRequests: 0,
    deadLetterFailures: 0,
    lastErrorTimestamp: 0,
  };
}
