import { callbackSituations } from './situations/callbacks.ts';
import { deadLetterSituations } from './situations/dead-letters.ts';
import { kafkaSituations } from './situations/kafka.ts';
import { poisonSituations } from './situations/poison.ts';
import { threadSituations } from './situations/threads.ts';
import { type HostKind, Site } from './support/site.ts';
import { type Count, prove, type Situation } from './support/situation.ts';
import type { Kind } from './support/trial.ts';

export const situations: readonly Situation[] = [
  ...poisonSituations,
  ...deadLetterSituations,
  ...callbackSituations,
  ...kafkaSituations,
  ...threadSituations,
];

export interface MatrixRow {
  /** Of the connector. */
  readonly name: string;
  readonly kind: Kind;
  readonly situation: Situation;
}

/** Every situation for every kind that it concerns. */
export function matrixRows(hostKind: HostKind): readonly MatrixRow[] {
  return situations
    .filter(({ hosts }) => hosts?.includes(hostKind) ?? true)
    .flatMap((situation) => situation.kinds.map((kind) => ({ situation, kind })))
    .map((row, index) => ({ ...row, name: `row-${index}` }));
}

/** Where the rows are proven: in one place, but for those that harm a whole broker or worker. */
export class MatrixSites {
  readonly #hostKind: HostKind;
  #shared: Promise<Site> | undefined;

  constructor(hostKind: HostKind) {
    this.#hostKind = hostKind;
  }

  async prove({ situation, kind, name }: MatrixRow): Promise<Count> {
    const { ownSite } = situation;
    if (ownSite === undefined) {
      this.#shared ??= Site.open(this.#hostKind);
      return prove(situation, kind, await this.#shared, name);
    }
    const site = await Site.open(this.#hostKind, ownSite);
    try {
      return await prove(situation, kind, site, name);
    } finally {
      await site.close();
    }
  }

  async close(): Promise<void> {
    await (await this.#shared)?.close();
  }
}
