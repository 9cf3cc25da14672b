import type { TransformExample } from './example.ts';

export const examples: readonly TransformExample[] = [
  {
    title: 'the topic, and a fixed text in a nested field',
    config: {
      'topic.field': 'topic',
      'static.field': 'origin.site',
      'static.value': 'berlin',
      'field.syntax.version': 'V2',
    },
    before: { topic: 'orders', value: { id: 1 } },
    after: { topic: 'orders', value: { id: 1, topic: 'orders', origin: { site: 'berlin' } } },
  },
];
