import { attempt, type ErrorAnswer, RequestError } from '../request-error.ts';
import type { RequestContext } from '../server/handler.ts';
import type { TopicConfig } from '../topics/topic-config.ts';

const topicResource = 2;

/** Gives a topic another configuration, made of the one it has. */
export function configureTopic(
  resource: { readonly resourceType: number; readonly resourceName: string },
  validateOnly: boolean,
  { broker }: RequestContext,
  change: (config: TopicConfig) => TopicConfig,
): ErrorAnswer {
  return attempt(() => {
    if (resource.resourceType !== topicResource) {
      throw new RequestError(
        'INVALID_REQUEST',
        'Only topics can be configured here; the broker itself by its options.',
      );
    }
    const config = change(broker.topics.get(resource.resourceName).config);
    if (!validateOnly) broker.topics.configure(resource.resourceName, config);
  });
}
