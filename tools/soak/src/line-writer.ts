import { appendFile } from 'node:fs/promises';

const tickMs = 50;

/** Appends numbered lines to a file, at a steady rate, until it is told to end. */
export class LineWriter {
  readonly #path: string;
  readonly #start = performance.now();
  readonly #rate: number;
  readonly #stop = new AbortController();
  readonly #writing: Promise<void>;
  #lines = 0;

  constructor(path: string, linesPerSecond: number) {
    this.#path = path;
    this.#rate = linesPerSecond;
    this.#writing = this.#write();
    this.#writing.catch(() => undefined);
  }

  /** @returns how many lines there are */
  async end(): Promise<number> {
    this.#stop.abort();
    await this.#writing;
    return this.#lines;
  }

  async #write(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const due = Math.floor(((performance.now() - this.#start) * this.#rate) / 1000);
      let text = '';
      for (; this.#lines < due; this.#lines++) text += line(this.#lines);
      if (text !== '') await appendFile(this.#path, text);
      await new Promise((resolve) => setTimeout(resolve, tickMs));
    }
  }
}

/** The number is at the end: what a crash has cut off can only stand before it. */
export function line(number: number): string {
  return `${String(number).padStart(10, '0').padStart(99, '.')}\n`;
}
