import {
  describeConfigs as describeConfigsApi,
  errorCode,
  incrementalAlterConfigs as incrementalAlterConfigsApi,
} from '@millrace/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import { finalError, responseError } from '../errors.ts';
import type { ConfigChange, ConfigEntry, ConfigResource } from '../port.ts';

const resourceTypes = { topic: 2, broker: 4 } as const;
const operations = { set: 0, delete: 1, append: 2, subtract: 3 } as const;
/** Where a value comes from: 1 the topic, 2 the broker itself. */
const explicitSources: ReadonlySet<number> = new Set([1, 2]);

export function describeConfigs(cluster: Cluster, resource: ConfigResource): Promise<ConfigEntry[]> {
  return cluster.retry(`Configuration of ${resource.type} ${resource.name}`, async () => {
    const response = await cluster.request(nodeFor(resource), describeConfigsApi, {
      resources: [{ resourceType: resourceTypes[resource.type], resourceName: resource.name, configurationKeys: null }],
    });
    const [result] = response.results;
    if (result === undefined) throw responseError(errorCode.UNKNOWN_SERVER_ERROR, `${resource.type} ${resource.name}`);
    if (result.errorCode !== errorCode.NONE) {
      throw finalError(result.errorCode, `configuration of ${resource.type} ${resource.name}`, result.errorMessage);
    }
    return result.configs.map(({ name, value, readOnly, isSensitive, configSource }) => ({
      name,
      value,
      readOnly,
      sensitive: isSensitive,
      explicit: explicitSources.has(configSource),
    }));
  });
}

export async function alterConfigs(
  cluster: Cluster,
  resource: ConfigResource,
  changes: readonly ConfigChange[],
): Promise<void> {
  await cluster.retry(`Configuration of ${resource.type} ${resource.name}`, async () => {
    const response = await cluster.request(nodeFor(resource), incrementalAlterConfigsApi, {
      resources: [
        {
          resourceType: resourceTypes[resource.type],
          resourceName: resource.name,
          configs: changes.map(({ name, operation, value }) => ({
            name,
            configOperation: operations[operation],
            value: value ?? null,
          })),
        },
      ],
      validateOnly: false,
    });
    for (const { errorCode: code, errorMessage } of response.responses) {
      if (code !== errorCode.NONE) {
        throw finalError(code, `configuration of ${resource.type} ${resource.name}`, errorMessage);
      }
    }
  });
}

/** A broker's own configuration is asked of it. */
function nodeFor(resource: ConfigResource): number | 'controller' | 'any' {
  if (resource.type === 'broker' && resource.name !== '') return Number(resource.name);
  return 'any';
}
