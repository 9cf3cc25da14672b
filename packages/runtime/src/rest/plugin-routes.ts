import type { Herder } from '../herder/herder.ts';
import { badRequest } from '../herder/herder-errors.ts';
import { ok } from './connector-routes.ts';
import type { RestRequest } from './rest-request.ts';
import type { RestAnswer, Route } from './route.ts';

/** Everything below `/connector-plugins`. */
export function pluginRoutes(herder: Herder): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/connector-plugins',
      handle: async (request) => {
        const onlyConnectors = request.flag('connectorsOnly', true);
        const plugins = await herder.plugins();
        return ok(onlyConnectors ? plugins.filter(({ type }) => type === 'source' || type === 'sink') : plugins);
      },
    },
    {
      method: 'GET',
      path: '/connector-plugins/{plugin}/config',
      handle: async (request) => ok(await herder.pluginConfig(request.parameter('plugin'), request.query('version'))),
    },
    {
      method: 'PUT',
      path: '/connector-plugins/{plugin}/config/validate',
      takesBody: true,
      handle: (request) => validate(herder, request),
    },
  ];
}

async function validate(herder: Herder, request: RestRequest): Promise<RestAnswer> {
  const plugin = request.parameter('plugin');
  const config = request.config();
  const named = config['connector.class'] ?? undefined;
  if (named !== undefined && !isSame(plugin, named)) {
    throw badRequest(`Included connector type ${named} does not match request type ${plugin}`);
  }
  return ok(await herder.validate(config));
}

/** A short name stands for the full one that ends in it. */
function isSame(plugin: string, named: string): boolean {
  const simple = (name: string) => name.slice(name.lastIndexOf('.') + 1).replace(/Connector$/, '');
  return plugin === named || simple(plugin) === simple(named.trim());
}
