/** Lets a loop that waits for something hear of what cannot wait until then. */
export class Attention {
  #asked = false;
  #wake: (() => void) | undefined;

  ask(): void {
    this.#asked = true;
    this.#wake?.();
  }

  /** Resolves with `true` when `promise` has settled, with `false` when attention is asked for first. */
  async until(promise?: Promise<unknown>): Promise<boolean> {
    const settled = await new Promise<boolean>((resolve) => {
      this.#wake = () => resolve(false);
      if (this.#asked) resolve(false);
      promise?.then(
        () => resolve(true),
        () => resolve(true),
      );
    });
    this.#wake = undefined;
    if (!settled) this.#asked = false;
    return settled;
  }
}
