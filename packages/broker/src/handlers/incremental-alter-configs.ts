import { incrementalAlterConfigs } from '@millrace/protocol';
import { defineHandler, type Handler } from '../server/handler.ts';
import { changeConfig } from '../topics/topic-config.ts';
import { configureTopic } from './configure-topic.ts';

export const incrementalAlterConfigsHandler: Handler = defineHandler(incrementalAlterConfigs, (request, context) => ({
  responses: request.resources.map((resource) => ({
    ...configureTopic(resource, request.validateOnly, context, (config) =>
      changeConfig(
        config,
        resource.configs.map(({ name, configOperation, value }) => ({ name, operation: configOperation, value })),
      ),
    ),
    resourceType: resource.resourceType,
    resourceName: resource.resourceName,
  })),
}));
