import { describeConfigs, errorCode } from '@millrace/protocol';
import { nodeId } from '../broker-state.ts';
import { errorAnswer, RequestError } from '../request-error.ts';
import { defineHandler, type Handler, type RequestContext } from '../server/handler.ts';
import { topicConfigKeys } from '../topics/topic-config.ts';

const topicResource = 2;
const brokerResource = 4;
/** Where a value comes from. */
const source = { topic: 1, staticBroker: 4, default: 5 } as const;

interface Entry {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
  readonly synonyms: { readonly name: string; readonly value: string | null; readonly source: number }[];
  readonly configType: number;
}

export const describeConfigsHandler: Handler = defineHandler(describeConfigs, (request, context) => ({
  results: request.resources.map(({ resourceType, resourceName, configurationKeys }) => {
    try {
      const entries =
        resourceType === topicResource
          ? topicEntries(resourceName, request.includeSynonyms, context)
          : brokerEntries(resourceType, resourceName, context);
      const wanted =
        configurationKeys === null || configurationKeys.length === 0 ? undefined : new Set(configurationKeys);
      const configs = wanted === undefined ? entries : entries.filter(({ name }) => wanted.has(name));
      return { errorCode: errorCode.NONE, errorMessage: null, resourceType, resourceName, configs };
    } catch (error) {
      return { ...errorAnswer(error), resourceType, resourceName, configs: [] };
    }
  }),
}));

function topicEntries(name: string, includeSynonyms: boolean, { broker }: RequestContext): Entry[] {
  const { config } = broker.topics.get(name);
  return [...topicConfigKeys].map(([key, { type, initial }]) => {
    const overridden = config.overrides.get(key);
    const synonyms = [
      ...(overridden === undefined ? [] : [{ name: key, value: overridden, source: source.topic }]),
      { name: key, value: initial, source: source.default },
    ];
    return {
      name: key,
      value: overridden ?? initial,
      readOnly: false,
      configSource: overridden === undefined ? source.default : source.topic,
      isSensitive: false,
      synonyms: includeSynonyms ? synonyms : [],
      configType: type,
    };
  });
}

function brokerEntries(type: number, name: string, { broker, advertised }: RequestContext): Entry[] {
  if (type !== brokerResource || (name !== '' && name !== String(nodeId))) {
    throw new RequestError(
      'INVALID_REQUEST',
      `Topics and broker ${nodeId} have a configuration here, not ${type} '${name}'.`,
    );
  }
  const values = {
    'auto.create.topics.enable': String(broker.autoCreateTopics),
    'advertised.listeners': `PLAINTEXT://${advertised.host}:${advertised.port}`,
    'default.replication.factor': '1',
    'node.id': String(nodeId),
  };
  return Object.entries(values).map(([key, value]) => ({
    name: key,
    value,
    readOnly: true,
    configSource: source.staticBroker,
    isSensitive: false,
    synonyms: [],
    configType: 2,
  }));
}
