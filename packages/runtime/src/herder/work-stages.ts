/** What a worker does, for whoever waits in vain: it names what blocks, and since when. */
export class WorkStages {
  readonly #now: () => number;
  readonly #running = new Map<symbol, { readonly what: string; readonly since: number }>();
  #last: string | undefined;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Runs work under a name, such as `starting connector orders`. */
  async during<T>(what: string, work: () => Promise<T>): Promise<T> {
    const id = Symbol(what);
    const since = this.#now();
    this.#running.set(id, { what, since });
    try {
      return await work();
    } finally {
      this.#running.delete(id);
      this.#last = `The last operation the worker completed was ${what}, which began at ${text(since)} and completed at ${text(this.#now())}`;
    }
  }

  /** The longest of what is under way, else what was done last. */
  get summary(): string {
    const [oldest] = this.#running.values();
    if (oldest !== undefined) return `The worker is currently ${oldest.what}, which began at ${text(oldest.since)}`;
    return this.#last ?? 'The worker has done nothing yet';
  }
}

function text(time: number): string {
  return new Date(time).toISOString();
}
