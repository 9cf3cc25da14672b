import { type ConnectRecord, MillraceError, type Predicate, type Transform } from '@millrace/api';

/** One transform of a chain. */
export interface ChainStage {
  /** The alias in the configuration. */
  readonly name: string;
  readonly transform: Transform;
  /** The transform gets only the records for which it says yes. Left out: all. */
  readonly predicate?: Predicate | undefined;
  /** Turns the predicate round. */
  readonly negate?: boolean | undefined;
}

/** How a stage is made from plugins that were found and configured. */
export interface ChainLink {
  readonly name: string;
  readonly transform: () => Transform | Promise<Transform>;
  readonly predicate?: (() => Predicate | Promise<Predicate>) | undefined;
  readonly negate?: boolean | undefined;
}

/**
 * `skip` drops the record, `retry` makes the failed call again (and asks again for that record what its stage has asked
 * for the batch), `throw` ends the batch with the error.
 */
export type StageDecision = 'skip' | 'retry' | 'throw';

/** Who decides what becomes of an error; may wait (for a back-off, for a dead letter) before it answers. */
export interface ChainErrors {
  /** `record` is what reached the stage, `index` its place in the batch. */
  onError(record: ConnectRecord, error: unknown, stage: string, index: number): StageDecision | Promise<StageDecision>;
  /** What a stage asks for the whole batch could not be reached. Left out: the batch ends with the error. */
  onPrepareError?(error: unknown, stage: string): 'retry' | 'throw' | Promise<'retry' | 'throw'>;
}

/** The transforms of a connector, in order. */
export interface TransformChain {
  readonly stages: readonly ChainStage[];
  /** Applies all of them to one record; `null` when it was dropped. */
  applyChain<R extends ConnectRecord>(record: R): Promise<R | null>;
  /**
   * Applies them stage after stage to a batch; stages that never wait run together in one loop. What comes back has
   * the length of `records`, with `null` in the place of each dropped record.
   *
   * No stage sees a record twice, but to retry the very call that failed: what came before a failed record is done,
   * and the batch goes on behind it.
   */
  applyBatch<R extends ConnectRecord>(records: readonly R[], errors: ChainErrors): Promise<readonly (R | null)[]>;
  close(): Promise<void>;
}

export function createTransformChain(stages: readonly ChainStage[]): TransformChain {
  const segments = segmentsOf(stages);
  let closed: Promise<void> | undefined;

  async function applyBatch<R extends ConnectRecord>(
    records: readonly R[],
    errors: ChainErrors,
  ): Promise<readonly (R | null)[]> {
    const batch: (R | null)[] = [...records];
    for (const segment of segments) {
      const prepared = segment.waits ? await prepare(segment, batch, errors) : undefined;
      await run(segment, batch, prepared, errors);
    }
    return batch;
  }

  return {
    stages,
    applyBatch,
    applyChain: async (record) => (await applyBatch([record], throwAll))[0] ?? null,
    close: () => {
      closed ??= closeAll(
        stages.flatMap(({ transform, predicate }) => (predicate ? [transform, predicate] : [transform])),
      );
      return closed;
    },
  };
}

/** Makes the plugins of a chain one after another; when one cannot be made, those before it are closed. */
export async function openTransformChain(links: readonly ChainLink[]): Promise<TransformChain> {
  const opened: Closeable[] = [];
  const stages: ChainStage[] = [];
  try {
    for (const { name, negate, ...link } of links) {
      const transform = await link.transform();
      opened.push(transform);
      const predicate = await link.predicate?.();
      if (predicate !== undefined) opened.push(predicate);
      stages.push({ name, transform, predicate, negate });
    }
  } catch (error) {
    await closeAll(opened).catch(() => undefined);
    throw error;
  }
  return createTransformChain(stages);
}

/** Stages of one loop. Only the first can wait, because it must see all that reach it at once. */
interface Segment {
  readonly stages: readonly Stage[];
  readonly waits: boolean;
}

interface Stage {
  readonly name: string;
  readonly transform: Transform;
  readonly predicate: Predicate | undefined;
  readonly negate: boolean;
}

/** What the first stage of a segment has waited for, and which records it has seen. */
interface Prepared {
  readonly context: unknown;
  readonly selected: Uint8Array;
}

/** How far a segment has come; outside of the `try`, so that an error loses nothing of it. */
interface Cursor<R> {
  index: number;
  stage: number;
  /** What reached that stage; `null`: the record of the batch itself. */
  record: R | null;
  error: unknown;
  /** What the first stage has waited for anew, for the next call only. */
  again: Prepared | undefined;
}

function segmentsOf(stages: readonly ChainStage[]): readonly Segment[] {
  const segments: { stages: Stage[]; waits: boolean }[] = [];
  for (const { name, transform, predicate, negate = false } of stages) {
    const stage: Stage = { name, transform, predicate, negate };
    const waits = transform.prepare !== undefined;
    const last = segments.at(-1);
    if (last === undefined || waits) segments.push({ stages: [stage], waits });
    else last.stages.push(stage);
  }
  return segments;
}

async function run<R extends ConnectRecord>(
  { stages }: Segment,
  batch: (R | null)[],
  prepared: Prepared | undefined,
  errors: ChainErrors,
): Promise<void> {
  const cursor: Cursor<R> = { index: 0, stage: 0, record: null, error: undefined, again: undefined };
  while (!advance(stages, batch, prepared, cursor)) {
    const { error, index } = cursor;
    const record = cursor.record as R;
    const decided = errors.onError(record, error, (stages[cursor.stage] as Stage).name, index);
    const decision = typeof decided === 'string' ? decided : await decided;
    if (decision === 'throw') throw error;
    if (decision === 'skip') {
      batch[index] = null;
      cursor.index = index + 1;
      cursor.stage = 0;
      cursor.record = null;
    } else if (prepared !== undefined && cursor.stage === 0) {
      const context = await contextOf(stages[0] as Stage, [record], errors);
      cursor.again = { context, selected: prepared.selected };
    }
  }
}

/** Goes on until the end (`true`) or the next error, and then the cursor stands at the call that failed. */
function advance<R extends ConnectRecord>(
  stages: readonly Stage[],
  batch: (R | null)[],
  prepared: Prepared | undefined,
  cursor: Cursor<R>,
): boolean {
  let { index, stage, record, again } = cursor;
  cursor.again = undefined;
  try {
    for (; index < batch.length; index++) {
      record ??= batch[index] as R | null;
      while (record !== null && stage < stages.length) {
        const { transform, predicate, negate, name } = stages[stage] as Stage;
        const isFirst = stage === 0 && prepared !== undefined;
        const applies: boolean = isFirst
          ? prepared.selected[index] === 1
          : predicate === undefined || predicate.test(record) !== negate;
        if (applies) {
          const next: R | null = transform.apply(record, isFirst ? (again ?? prepared).context : undefined);
          again = undefined;
          if (next === undefined) throw new MillraceError(`Transform ${name} gave undefined; null drops a record.`);
          record = next;
        }
        stage++;
      }
      batch[index] = record;
      stage = 0;
      record = null;
    }
    return true;
  } catch (error) {
    cursor.index = index;
    cursor.stage = stage;
    cursor.record = record;
    cursor.error = error;
    return false;
  }
}

async function prepare<R extends ConnectRecord>(
  { stages }: Segment,
  batch: (R | null)[],
  errors: ChainErrors,
): Promise<Prepared> {
  const first = stages[0] as Stage;
  const { name, predicate, negate } = first;
  const selected = new Uint8Array(batch.length);
  const records: R[] = [];
  for (let index = 0; index < batch.length; index++) {
    const record = batch[index] as R | null;
    if (record === null) continue;
    try {
      if (predicate !== undefined && predicate.test(record) === negate) continue;
    } catch (error) {
      const decision = await errors.onError(record, error, name, index);
      if (decision === 'throw') throw error;
      if (decision === 'skip') batch[index] = null;
      else index--;
      continue;
    }
    selected[index] = 1;
    records.push(record);
  }
  return { context: records.length === 0 ? undefined : await contextOf(first, records, errors), selected };
}

async function contextOf(
  { transform, name }: Stage,
  records: readonly ConnectRecord[],
  errors: ChainErrors,
): Promise<unknown> {
  for (;;) {
    try {
      return await transform.prepare?.(records);
    } catch (error) {
      const decision = (await errors.onPrepareError?.(error, name)) ?? 'throw';
      if (decision === 'throw') throw error;
    }
  }
}

const throwAll: ChainErrors = { onError: () => 'throw' };

interface Closeable {
  close?(): Promise<void> | void;
}

async function closeAll(plugins: readonly Closeable[]): Promise<void> {
  const errors: unknown[] = [];
  for (const plugin of plugins) {
    try {
      await plugin.close?.();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, 'Several transforms could not be closed.');
}
