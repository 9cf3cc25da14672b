import { NotFoundError, type OffsetMap, type OffsetValue } from '@millrace/api';
import type { ConnectorOffset, Herder, TargetState } from '../herder/herder.ts';
import { badRequest } from '../herder/herder-errors.ts';
import { asText, isObject, type RestRequest, readConfig, unreadable } from './rest-request.ts';
import type { RestAnswer, Route } from './route.ts';

const one = '/connectors/{connector}';

/** Everything below `/connectors`. */
export function connectorRoutes(herder: Herder): readonly Route[] {
  const nameOf = (request: RestRequest) => request.parameter('connector');
  const taskOf = (request: RestRequest) => ({ connector: nameOf(request), task: Number(request.parameter('task')) });
  return [
    { method: 'GET', path: '/connectors', handle: async (request) => ok(await list(herder, request)) },
    { method: 'POST', path: '/connectors', takesBody: true, handle: (request) => create(herder, request) },
    { method: 'GET', path: one, handle: async (request) => ok(await herder.connectorInfo(nameOf(request))) },
    {
      method: 'DELETE',
      path: one,
      handle: done(204, (request) => herder.deleteConnector(nameOf(request))),
    },
    {
      method: 'GET',
      path: `${one}/config`,
      handle: async (request) => ok((await herder.connectorInfo(nameOf(request))).config),
    },
    { method: 'PUT', path: `${one}/config`, takesBody: true, handle: (request) => put(herder, request) },
    {
      method: 'PATCH',
      path: `${one}/config`,
      takesBody: true,
      handle: async (request) => ok(await herder.patchConnector(nameOf(request), request.config())),
    },
    {
      method: 'GET',
      path: `${one}/status`,
      handle: async (request) => ok(await herder.connectorState(nameOf(request))),
    },
    { method: 'GET', path: `${one}/tasks`, handle: async (request) => ok(await herder.taskInfos(nameOf(request))) },
    {
      method: 'GET',
      path: `${one}/tasks/{task:int}/status`,
      handle: async (request) => ok(await herder.taskState(taskOf(request))),
    },
    {
      method: 'POST',
      path: `${one}/tasks/{task:int}/restart`,
      handle: done(204, (request) => herder.restartTask(taskOf(request))),
    },
    {
      method: 'PUT',
      path: `${one}/pause`,
      handle: done(202, (request) => herder.pauseConnector(nameOf(request))),
    },
    {
      method: 'PUT',
      path: `${one}/resume`,
      handle: done(202, (request) => herder.resumeConnector(nameOf(request))),
    },
    {
      method: 'PUT',
      path: `${one}/stop`,
      handle: done(204, (request) => herder.stopConnector(nameOf(request))),
    },
    { method: 'POST', path: `${one}/restart`, handle: (request) => restart(herder, request) },
    {
      method: 'GET',
      path: `${one}/offsets`,
      handle: async (request) => ok({ offsets: await herder.offsets(nameOf(request)) }),
    },
    {
      method: 'PATCH',
      path: `${one}/offsets`,
      takesBody: true,
      handle: async (request) => ok({ message: await herder.alterOffsets(nameOf(request), offsetsOf(request)) }),
    },
    {
      method: 'DELETE',
      path: `${one}/offsets`,
      handle: async (request) => ok({ message: await herder.resetOffsets(nameOf(request)) }),
    },
    {
      method: 'GET',
      path: `${one}/topics`,
      handle: async (request) => ok(entryOf(nameOf(request), { topics: await herder.topics(nameOf(request)) })),
    },
    {
      method: 'PUT',
      path: `${one}/topics/reset`,
      handle: done(202, (request) => herder.resetTopics(nameOf(request))),
    },
  ];
}

export function ok(body: unknown): RestAnswer {
  return { status: 200, body };
}

/** An answer without a body, once the work is done. */
function done(status: number, work: (request: RestRequest) => Promise<void>): Route['handle'] {
  return async (request) => {
    await work(request);
    return { status };
  };
}

async function list(herder: Herder, request: RestRequest): Promise<unknown> {
  const names = await herder.connectors();
  const expand = request.queryAll('expand');
  if (expand.length === 0) return names;
  const entries = await Promise.all(
    names.map(async (name) => {
      try {
        const expanded = {
          ...(expand.includes('status') && { status: await herder.connectorState(name) }),
          ...(expand.includes('info') && { info: await herder.connectorInfo(name) }),
        };
        return [[name, expanded] as const];
      } catch (error) {
        // Deleted meanwhile.
        if (NotFoundError.isInstance(error)) return [];
        throw error;
      }
    }),
  );
  return Object.fromEntries(entries.flat());
}

const initialStates: Readonly<Record<string, TargetState>> = {
  RUNNING: 'STARTED',
  PAUSED: 'PAUSED',
  STOPPED: 'STOPPED',
};

async function create(herder: Herder, request: RestRequest): Promise<RestAnswer> {
  const { name: given = null, config: raw, initial_state: state } = request.object('name', 'config', 'initial_state');
  if (typeof given === 'object' && given !== null) throw unreadable('the name must be a text');
  const wanted = state === undefined || state === null ? 'RUNNING' : asText(state).toUpperCase();
  const initialState = Object.hasOwn(initialStates, wanted) ? initialStates[wanted] : undefined;
  if (initialState === undefined) throw unreadable('initial_state must be RUNNING, PAUSED or STOPPED');
  const name = given === null ? '' : asText(given).trim();
  const config = readConfig(raw);
  const info = await herder.createConnector({ name, config: withName(name, config), initialState });
  return { status: 201, body: info, headers: { Location: locationOf(request, name) } };
}

async function put(herder: Herder, request: RestRequest): Promise<RestAnswer> {
  const name = request.parameter('connector');
  const { created, info } = await herder.putConnector(name, withName(name, request.config()));
  if (!created) return ok(info);
  return { status: 201, body: info, headers: { Location: locationOf(request, name) } };
}

async function restart(herder: Herder, request: RestRequest): Promise<RestAnswer> {
  const asked = { includeTasks: request.flag('includeTasks', false), onlyFailed: request.flag('onlyFailed', false) };
  const state = await herder.restartConnector(request.parameter('connector'), asked);
  return asked.includeTasks || asked.onlyFailed ? { status: 202, body: state } : { status: 204 };
}

function offsetsOf(request: RestRequest): readonly ConnectorOffset[] {
  const { offsets = null } = request.object('offsets');
  if (offsets !== null && !Array.isArray(offsets)) throw unreadable('offsets must be an array');
  if (offsets === null || offsets.length === 0) {
    throw badRequest('Partitions / offsets need to be provided for an alter offsets request');
  }
  // Of several for the same partition the last one counts.
  const byPartition = new Map<string, ConnectorOffset>();
  for (const entry of offsets as readonly unknown[]) {
    if (!isObject(entry)) throw unreadable('each of offsets must be an object with partition and offset');
    const { partition = null, offset = null } = entry;
    if (partition === null) throw badRequest('Partition objects cannot be null');
    const change = { partition: offsetMap(partition), offset: offset === null ? null : offsetMap(offset) };
    byPartition.set(meaningOf(change.partition), change);
  }
  return [...byPartition.values()];
}

function offsetMap(value: unknown): OffsetMap {
  if (!isObject(value)) throw unreadable('partition and offset must be objects');
  for (const [name, one] of Object.entries(value)) {
    if (typeof one === 'object' && one !== null)
      throw unreadable(`the value of ${name} must be a text, a number or a boolean`);
  }
  return value as Readonly<Record<string, OffsetValue>>;
}

function meaningOf(partition: OffsetMap): string {
  const entries = Object.entries(partition).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries.map(([name, value]) => [name, typeof value, String(value)]));
}

function withName(name: string, config: ReturnType<typeof readConfig>): ReturnType<typeof readConfig> {
  return Object.hasOwn(config, 'name') ? config : { ...config, name };
}

/** As Java writes it: a slash stays one. */
function locationOf({ origin }: RestRequest, name: string): string {
  return `${origin}/connectors/${name.split('/').map(encodeURIComponent).join('/')}`;
}

/** A key may be any name, `__proto__` too. */
function entryOf(name: string, value: unknown): object {
  return Object.fromEntries([[name, value]]);
}
