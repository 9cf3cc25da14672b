import type { Save } from '../groups/offset-store.ts';

const blockSize = 1000;

/** Gives out producer ids, each once in the life of the data directory. */
export class ProducerIds {
  readonly #save: Save;
  #next = 0;
  #reservedTo = 0;

  constructor(save: Save) {
    this.#save = save;
  }

  /** Goes on behind what an earlier run may have given out. */
  restore(reservedTo: number): void {
    this.#next = reservedTo;
    this.#reservedTo = reservedTo;
  }

  next(): number {
    if (this.#next >= this.#reservedTo) {
      const reservedTo = this.#reservedTo + blockSize;
      this.#save([[producerIdsKey, reservedTo]]);
      this.#reservedTo = reservedTo;
    }
    return this.#next++;
  }
}

const producerIdsKey = JSON.stringify(['producer-ids']);
