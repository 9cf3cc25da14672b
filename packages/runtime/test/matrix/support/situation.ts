import type { RunState } from '../../../src/worker/run-status.ts';
import type { HostKind, Site, SiteOptions } from './site.ts';
import { type Config, type Kind, Trial } from './trial.ts';

/** Something that goes wrong, and what becomes of it: a row of the table for each kind. */
export interface Situation {
  readonly situation: string;
  readonly kinds: readonly Kind[];
  /** Both when left out. */
  readonly hosts?: readonly HostKind[];
  readonly state: RunState;
  /** A part of the trace where the task has failed, otherwise of a line of the log; `…` stands for anything. */
  readonly message: string;
  readonly recovery: string;
  /** Numbers of records that are tolerated and in no dead letter queue. */
  readonly skipped?: readonly number[];
  /** Numbers of records that are in the dead letter queue, once each. */
  readonly letters?: readonly number[];
  /** Of what kinds records may come twice. */
  readonly doubled?: readonly Kind[];
  /** A broker and workers of its own; a fresh one for each trial. */
  readonly ownSite?: SiteOptions;
  readonly config?: Config | ((trial: Trial) => Config | Promise<Config>);
  /** What is done between the start and the message. */
  readonly provoke?: (trial: Trial) => Promise<void>;
  /** What is done after the message; left out: it goes on by itself. */
  readonly recover?: (trial: Trial) => Promise<void>;
  /** Instead of all that. */
  readonly prove?: (trial: Trial) => Promise<void>;
}

/** What became of the numbers. */
export interface Count {
  /** Neither at the target nor left out on purpose. */
  readonly lost: readonly number[];
  /** Committed before they were anywhere, when the message came. */
  readonly ahead: readonly number[];
  /** At the target more than once, though they may not be. */
  readonly doubled: readonly number[];
  readonly letters: readonly number[];
}

/** Lets it happen for real: 100 records before, 100 after, and every one is counted. */
export async function prove(situation: Situation, kind: Kind, site: Site, name: string): Promise<Count> {
  const { state, message, config = {}, provoke, recover, skipped = [], letters = [], doubled = [] } = situation;
  const trial = await Trial.prepare(kind, site, name);
  if (situation.prove !== undefined) {
    await situation.prove(trial);
    return { lost: [], ahead: [], doubled: [], letters: [] };
  }
  const chosen = typeof config === 'function' ? await config(trial) : config;
  await trial.feed(100);
  await trial.start(chosen);
  await provoke?.(trial);
  await trial.becomes(state, message);
  const ahead = await trial.committedAhead(skipped);
  await recover?.(trial);
  await trial.feed(200);
  await trial.allArrive([...skipped, ...letters]);
  await trial.allCommitted();
  await trial.becomes('RUNNING', '');
  await trial.stop();
  return { ...(await count(trial, new Set([...skipped, ...letters]), doubled.includes(kind))), ahead };
}

async function count(trial: Trial, left: ReadonlySet<number>, mayComeTwice: boolean): Promise<Omit<Count, 'ahead'>> {
  const arrived = await trial.arrived();
  const there = new Set(arrived);
  return {
    lost: trial.numbers().filter((number) => there.has(number) === left.has(number)),
    doubled: mayComeTwice ? [] : arrived.filter((number, index) => arrived.indexOf(number) < index),
    letters: (await trial.letters()).toSorted((a, b) => a - b),
  };
}
