import { styleText } from 'node:util';
import { NotFoundError, sleep } from '@millrace/api';
import type { Herder } from '@millrace/runtime';

export interface StateWatchOptions {
  readonly herder: Herder;
  readonly out: (line: string) => void;
  /** Takes secrets out of what is told. */
  readonly redact: (text: string) => string;
  readonly signal: AbortSignal;
}

const intervalMs = 250;
const colors = { RUNNING: 'green', FAILED: 'red', PAUSED: 'yellow', STOPPED: 'yellow' } as const;

/** Says how each connector is, whenever that has changed, until the signal comes. */
export async function watchStates({ herder, out, redact, signal }: StateWatchOptions): Promise<void> {
  let told = new Map<string, string>();
  while (!signal.aborted) {
    const now = new Map<string, string>();
    for (const name of await herder.connectors()) {
      const state = await stateOf(herder, name);
      if (state !== undefined) now.set(name, state);
    }
    for (const [name, state] of now) if (told.get(name) !== state) out(redact(`${name}  ${state}`));
    for (const name of told.keys()) if (!now.has(name)) out(`${name}  deleted`);
    told = now;
    await sleep(intervalMs, signal).catch(() => undefined);
  }
}

async function stateOf(herder: Herder, name: string): Promise<string | undefined> {
  try {
    const { connector, tasks, type } = await herder.connectorState(name);
    const failed = [connector, ...tasks].find(({ state }) => state === 'FAILED');
    const state = failed?.state ?? connector.state;
    if (state === 'UNASSIGNED' || state === 'RESTARTING') return undefined;
    const running = tasks.filter((task) => task.state === 'RUNNING').length;
    const text = Object.hasOwn(colors, state) ? styleText(colors[state as keyof typeof colors], state) : state;
    const [reason = ''] = failed?.trace?.split('\n') ?? [];
    return `${text} (${type}, ${running} of ${tasks.length} tasks run)${reason === '' ? '' : `: ${reason}`}`;
  } catch (error) {
    // It was deleted meanwhile.
    if (NotFoundError.isInstance(error)) return undefined;
    throw error;
  }
}
