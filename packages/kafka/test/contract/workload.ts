import { vi } from 'vitest';
import { Committer } from './committer.ts';
import { Follower, Sharer } from './readers.ts';
import type { Role, RoleSettings } from './role.ts';
import { type Clients, uniqueName } from './target.ts';
import { TransactionalWriter, Writer } from './writers.ts';

export interface WorkloadOptions {
  readonly topic: string;
  readonly transactional: string;
  readonly settings: RoleSettings;
  readonly patienceMs: number;
}

/** Every kind of client at work at the same time. */
export class Workload {
  readonly writer: Writer;
  readonly transactionalWriter: TransactionalWriter;
  readonly follower: Follower;
  readonly committedFollower: Follower;
  readonly groupId = uniqueName('sharers');
  readonly sharers: readonly Sharer[];
  readonly committer: Committer;
  readonly #patienceMs: number;
  readonly #noMoreWriting = new AbortController();
  readonly #noMoreReading = new AbortController();
  readonly #writing: Promise<unknown>;
  readonly #reading: Promise<unknown>;
  readonly #failures: string[] = [];

  constructor(clients: Clients, { topic, transactional, settings, patienceMs }: WorkloadOptions) {
    this.#patienceMs = patienceMs;
    this.writer = new Writer(clients, topic, settings);
    this.transactionalWriter = new TransactionalWriter(clients, transactional, settings);
    this.follower = new Follower(clients, topic, settings);
    this.committedFollower = new Follower(clients, transactional, settings);
    const shared = { ...settings, 'group.id': this.groupId };
    this.sharers = ['first', 'second'].map((name) => new Sharer(`the ${name} consumer`, clients, topic, shared));
    this.committer = new Committer(clients, topic, settings);
    const begin = (roles: readonly Role[], { signal }: AbortController): Promise<unknown> =>
      Promise.all(
        roles.map((role) =>
          role.work(signal).catch((error: unknown) => this.#failures.push(`${role.name}: ${String(error)}`)),
        ),
      );
    this.#writing = begin([this.writer, this.transactionalWriter, this.committer], this.#noMoreWriting);
    this.#reading = begin([this.follower, this.committedFollower, ...this.sharers], this.#noMoreReading);
  }

  /** Resolves when everybody has got on with his work since the call. */
  async goesOn(): Promise<void> {
    const before = this.#roles.map((role) => [role, role.done] as const);
    await this.#until(() =>
      before.flatMap(([role, done]) => (role.done > done + 5 ? [] : [`${role.name} stands still`])),
    );
  }

  /** Ends the writing, waits until the readers have everything, and ends the reading. */
  async finish(): Promise<void> {
    this.#noMoreWriting.abort();
    await this.#writing;
    await this.#until(() => [
      ...behind(this.follower.name, this.follower.values, this.writer.written),
      ...behind(this.committedFollower.name, this.committedFollower.values, this.transactionalWriter.written),
      ...behind(
        'the consumers',
        this.sharers.flatMap(({ values }) => values),
        this.writer.written,
      ),
    ]);
    await this.stop();
    this.#checkFailures();
  }

  async stop(): Promise<void> {
    this.#noMoreWriting.abort();
    this.#noMoreReading.abort();
    await Promise.all([this.#writing, this.#reading]);
  }

  /** Waits until nothing is missing any more; rejects at once where somebody has failed. */
  async #until(missing: () => readonly string[]): Promise<void> {
    const settled = (): void => {
      const left = this.#failures.length > 0 ? [] : missing();
      if (left.length > 0) throw new Error(left.join('; '));
    };
    await vi.waitFor(settled, { timeout: this.#patienceMs, interval: 50 });
    this.#checkFailures();
  }

  #checkFailures(): void {
    if (this.#failures.length > 0) throw new Error(this.#failures.join('; '));
  }

  get #roles(): readonly Role[] {
    const { writer, transactionalWriter, committer, follower, committedFollower, sharers } = this;
    return [writer, transactionalWriter, committer, follower, committedFollower, ...sharers];
  }
}

function behind(name: string, values: readonly number[], count: number): readonly string[] {
  const found = new Set(values).size;
  return found >= count ? [] : [`${name} saw ${found} of ${count}`];
}
