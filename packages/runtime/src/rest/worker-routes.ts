import { NotFoundError } from '@millrace/api';
import type { Herder } from '../herder/herder.ts';
import { badRequest } from '../herder/herder-errors.ts';
import { ok } from './connector-routes.ts';
import { asText } from './rest-request.ts';
import type { RestAnswer, Route } from './route.ts';

/** `/` and `/health`. */
export function workerRoutes(herder: Herder): readonly Route[] {
  return [
    { method: 'GET', path: '/', handle: async () => ok(await herder.info()) },
    { method: 'GET', path: '/health', handle: () => health(herder) },
  ];
}

/** Everything below `/admin`. */
export function adminRoutes(herder: Herder): readonly Route[] {
  return [
    { method: 'GET', path: '/admin/loggers', handle: async () => ok(await herder.loggers()) },
    {
      method: 'GET',
      path: '/admin/loggers/{logger}',
      handle: async (request) => {
        const logger = request.parameter('logger');
        const loggers = await herder.loggers();
        if (Object.hasOwn(loggers, logger)) return ok(loggers[logger]);
        throw new NotFoundError(`Logger ${logger} not found.`);
      },
    },
    {
      method: 'PUT',
      path: '/admin/loggers/{logger}',
      takesBody: true,
      handle: async (request) => {
        const { level = null } = request.object();
        if (level === null) throw badRequest("Desired 'level' parameter was not specified in request.");
        const changed = await herder.setLogLevel(request.parameter('logger'), asText(level));
        return request.query('scope')?.toLowerCase() === 'cluster' ? { status: 204 } : ok(changed);
      },
    },
  ];
}

async function health(herder: Herder): Promise<RestAnswer> {
  if (await herder.ready()) {
    const message = 'Worker has completed startup and is ready to handle requests.';
    return ok({ status: 'healthy', message });
  }
  return { status: 503, body: { status: 'starting', message: `Worker is still starting up. ${herder.stage}` } };
}
