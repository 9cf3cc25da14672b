import { alterConfigs } from '@millrace/protocol';
import { defineHandler, type Handler } from '../server/handler.ts';
import { TopicConfig } from '../topics/topic-config.ts';
import { configureTopic } from './configure-topic.ts';

export const alterConfigsHandler: Handler = defineHandler(alterConfigs, (request, context) => ({
  responses: request.resources.map((resource) => ({
    ...configureTopic(resource, request.validateOnly, context, () => {
      const entries = resource.configs.flatMap(({ name, value }): [string, string][] =>
        value === null ? [] : [[name, value]],
      );
      return new TopicConfig(entries);
    }),
    resourceType: resource.resourceType,
    resourceName: resource.resourceName,
  })),
}));
