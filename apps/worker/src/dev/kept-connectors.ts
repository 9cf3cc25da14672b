import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Herder, TargetState } from '@millrace/runtime';
import { type ConnectorFile, readConnectorFiles } from '../worker/connector-file.ts';

/** Keeps connectors in a directory, one file each, so that they are there after a restart. */
export class KeptConnectors {
  readonly #directory: string;
  /** Writes, one after the other. */
  #last: Promise<void> = Promise.resolve();

  constructor(directory: string) {
    this.#directory = directory;
  }

  async load(): Promise<readonly ConnectorFile[]> {
    await mkdir(this.#directory, { recursive: true });
    const names = (await readdir(this.#directory)).filter((name) => name.endsWith('.json')).toSorted();
    return await readConnectorFiles(names.map((name) => join(this.#directory, name)));
  }

  save(name: string, config: Readonly<Record<string, string>>, state: TargetState): Promise<void> {
    const content = { name, config, initial_state: state === 'STARTED' ? 'RUNNING' : state };
    return this.#inTurn(() => replace(this.#path(name), `${JSON.stringify(content, undefined, 2)}\n`));
  }

  remove(name: string): Promise<void> {
    return this.#inTurn(() => rm(this.#path(name), { force: true }));
  }

  #path(name: string): string {
    const encoded = encodeURIComponent(name.toWellFormed()).replaceAll('*', '%2A').replace(/^\./, '%2E');
    const short = encoded.length <= 200 ? encoded : createHash('sha256').update(name).digest('hex');
    return join(this.#directory, `${short}.json`);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** The herder, with every change of a connector kept before it is answered. */
export function keepConnectors(herder: Herder, kept: KeptConnectors, states: Map<string, TargetState>): Herder {
  const save = async (name: string): Promise<void> => {
    const { config } = await herder.connectorInfo(name);
    await kept.save(name, config, states.get(name) ?? 'STARTED');
  };
  const aimAt = async (name: string, state: TargetState, change: () => Promise<void>): Promise<void> => {
    await change();
    states.set(name, state);
    await save(name);
  };
  const changes: Partial<Herder> = {
    createConnector: async (connector) => {
      const info = await herder.createConnector(connector);
      states.set(connector.name, connector.initialState ?? 'STARTED');
      await save(connector.name);
      return info;
    },
    putConnector: async (name, config) => {
      const put = await herder.putConnector(name, config);
      await save(name);
      return put;
    },
    patchConnector: async (name, patch) => {
      const info = await herder.patchConnector(name, patch);
      await save(name);
      return info;
    },
    deleteConnector: async (name) => {
      await herder.deleteConnector(name);
      states.delete(name);
      await kept.remove(name);
    },
    pauseConnector: (name) => aimAt(name, 'PAUSED', () => herder.pauseConnector(name)),
    resumeConnector: (name) => aimAt(name, 'STARTED', () => herder.resumeConnector(name)),
    stopConnector: (name) => aimAt(name, 'STOPPED', () => herder.stopConnector(name)),
  };
  return new Proxy(herder, {
    get: (target, property) => {
      if (Object.hasOwn(changes, property)) return Reflect.get(changes, property);
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
